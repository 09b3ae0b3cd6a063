# Target `headers`: each header of ours compiles alone, leaning on nothing that stands above it in a source. x.h needs
# no proof where x.cpp begins with it, which tools/check/check sees to ("own-header-first").
# Not part of `all`; tools/test builds it with the clang preset.
function(lotmesh_header_check)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
        base/*.h compiler/*.h runtime/*.h tools/*.h tests/*.h)
    set(sources)
    foreach(header IN LISTS headers)
        string(REGEX REPLACE "\\.h$" ".cpp" own_source "${CMAKE_SOURCE_DIR}/${header}")
        if(EXISTS "${own_source}")
            continue()
        endif()
        string(REPLACE "/" "_" name "${header}")
        set(source "${CMAKE_BINARY_DIR}/headers/${name}.cpp")
        file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n")
        list(APPEND sources "${source}")
    endforeach()
    add_library(headers OBJECT EXCLUDE_FROM_ALL ${sources})
    target_include_directories(headers PRIVATE "${CMAKE_SOURCE_DIR}")
    target_compile_definitions(headers PRIVATE LOTMESH_VERSION="${PROJECT_VERSION}")
    target_compile_options(headers PRIVATE -O0 -g0 -fno-sanitize=all)
    # Everything that any header may include; who may include what is for tools/check/layers.txt to say.
    target_link_libraries(headers PRIVATE lotmesh_warnings lotmesh_grammar spdlog::spdlog fmt::fmt doctest::doctest
        nlohmann_json::nlohmann_json CLI11::CLI11 OpenSSL::SSL PkgConfig::LIBUV)
endfunction()
