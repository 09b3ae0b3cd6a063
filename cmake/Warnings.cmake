# Warnings for our own code; generated code and third parties are not our business.
add_library(lotmesh_warnings INTERFACE)
target_compile_options(lotmesh_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
    # clang blames us for what libstdc++ 12's stable_sort uses inside.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
