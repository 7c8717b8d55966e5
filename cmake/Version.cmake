# Run at every build (cmake -P): writes OUTPUT from TEMPLATE with the version and, in a git checkout, the
# commit, so that a results file names the source that made it. Touches OUTPUT only when it changes.
set(EDOTB_GIT_HASH "unknown")
find_package(Git QUIET)
if(Git_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE} describe --always --dirty --abbrev=12
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(EDOTB_GIT_HASH ${described})
  endif()
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
