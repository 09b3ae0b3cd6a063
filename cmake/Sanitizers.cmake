# Sanitizers hold for the whole build, so that every object agrees. Line tables are all that their reports need; full
# debug information would double the time to compile.
if(LOTMESH_SANITIZE)
    add_compile_options(-fsanitize=${LOTMESH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
    add_link_options(-fsanitize=${LOTMESH_SANITIZE})
endif()
if(LOTMESH_SANITIZE MATCHES undefined)
    # The vptr check opens a pipe to see whether memory is readable, and reports a mistake where there is no descriptor
    # left, which is what a test of the listener makes. For the whole build: inline functions are merged across libraries.
    add_compile_options(-fno-sanitize=vptr)
    add_link_options(-fno-sanitize=vptr)
endif()
if(LOTMESH_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
