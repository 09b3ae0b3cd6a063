# Sanitizers hold for the whole build, so that every object agrees.
if(LOTMESH_SANITIZE)
    add_compile_options(-fsanitize=${LOTMESH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
    add_link_options(-fsanitize=${LOTMESH_SANITIZE})
endif()
if(LOTMESH_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
