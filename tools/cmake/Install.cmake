# What `cmake --install` puts in place, and the package that CPack makes of it (`cpack --config build/CPackConfig.cmake`).
#
# Component "tflc": the program, its library with headers, the sources of the runtime, and the CMake package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(TFLC_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/tflc)
set(TFLC_INSTALL_RUNTIMEDIR ${CMAKE_INSTALL_DATADIR}/tflc/runtime)

install(TARGETS tflc tflc_library COMPONENT tflc)
install(DIRECTORY include/tflc DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT tflc FILES_MATCHING PATTERN "*.h"
        PATTERN "Precompiled.h" EXCLUDE)
install(DIRECTORY ${CMAKE_BINARY_DIR}/include/tflc DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT tflc
        FILES_MATCHING PATTERN "*.h.inc")
# The ABI header belongs to programs without the runtime, too.
install(DIRECTORY runtime/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT tflc)
install(DIRECTORY runtime/include runtime/src runtime/threads DESTINATION ${TFLC_INSTALL_RUNTIMEDIR} COMPONENT tflc
        FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp" PATTERN "*.c")
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT tflc)

# Not in the root of the build folder, where find_package would take it for an installed package.
set(package_folder ${CMAKE_BINARY_DIR}/package)
configure_package_config_file(tools/cmake/package/tflcConfig.cmake.in ${package_folder}/tflcConfig.cmake
  INSTALL_DESTINATION ${TFLC_INSTALL_CMAKEDIR}
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR TFLC_INSTALL_RUNTIMEDIR)
write_basic_package_version_file(${package_folder}/tflcConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${package_folder}/tflcConfig.cmake ${package_folder}/tflcConfigVersion.cmake
        tools/cmake/package/TflcAddModel.cmake tools/cmake/package/TflcRuntime.cmake DESTINATION ${TFLC_INSTALL_CMAKEDIR} COMPONENT tflc)

set(CPACK_PACKAGE_VENDOR "The tflc authors")
set(CPACK_PACKAGE_CONTACT "The tflc authors <tflc@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "ahead-of-time compiler for TensorFlow Lite models")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL tflc)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
# Which packages the shared libraries come from is asked of Debian's own tool.
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
else()
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libllvm${LLVM_VERSION_MAJOR}, libmlir-${LLVM_VERSION_MAJOR}, libzip4, libhdf5-103-1, libprotobuf-lite32, libpng16-16, libjpeg62-turbo, libstdc++6, libc6")
endif()
include(CPack)
