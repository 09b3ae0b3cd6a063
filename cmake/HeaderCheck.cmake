# Target `headers`: each header of ours is compiled alone, so that none leans on what stands above it in a source.
# Not part of `all`; tools/test builds it with the clang preset.
function(lotmesh_header_check)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}"
        base/*.h compiler/*.h runtime/*.h tools/*.h tests/*.h)
    set(sources)
    foreach(header IN LISTS headers)
        string(REPLACE "/" "_" name "${header}")
        set(source "${CMAKE_BINARY_DIR}/headers/${name}.cpp")
        # Twice: the second time must add nothing.
        file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
        list(APPEND sources "${source}")
    endforeach()
    add_library(headers OBJECT EXCLUDE_FROM_ALL ${sources})
    target_include_directories(headers PRIVATE "${CMAKE_SOURCE_DIR}")
    # Everything that any header may include; who may include what is for tools/check/layers.txt to say.
    target_link_libraries(headers PRIVATE lotmesh_warnings lotmesh_grammar spdlog::spdlog fmt::fmt doctest::doctest
        nlohmann_json::nlohmann_json CLI11::CLI11 OpenSSL::SSL PkgConfig::LIBUV)
endfunction()
