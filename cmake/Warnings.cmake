# Warnings for our own code; generated code and third parties are not our business.
add_library(lotmesh_warnings INTERFACE)
target_compile_options(lotmesh_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
    # clang blames us for what libstdc++ 12's stable_sort uses inside.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 takes the inactive members of a std::variant for uninitialised ones as soon as it optimises. Clang and the
    # sanitizers watch over the real ones.
    target_compile_options(lotmesh_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
