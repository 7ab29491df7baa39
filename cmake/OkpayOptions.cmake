# SPDX-License-Identifier: Apache-2.0
# What every target of ours is compiled with. `okpay_options` carries it, so that a system library never does.
option(OKPAY_TESTS "Build the tests" ON)
option(OKPAY_FUZZ "Build the fuzzers (clang, libFuzzer)" OFF)
option(OKPAY_WERROR "Warnings are errors: on for us, off for someone with a newer compiler" ON)
set(OKPAY_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(OKPAY_CCACHE ccache)
if(OKPAY_CCACHE)
  # base_dir makes clones in other folders share results; the sloppiness is what ccache asks for with clang's headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_NOHASHDIR=1 ${OKPAY_CCACHE})
endif()

add_library(okpay_options INTERFACE)
target_include_directories(okpay_options INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(okpay_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wswitch -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual
  -Wno-missing-designated-field-initializers  # what a designated initialiser leaves out has its default
  -fPIE -fno-omit-frame-pointer -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
  "SHELL:$<$<CXX_COMPILER_ID:Clang>:-Xclang -fno-pch-timestamp>")
if(OKPAY_WERROR)
  target_compile_options(okpay_options INTERFACE -Werror)
endif()
if(OKPAY_SANITIZE)
  target_compile_options(okpay_options INTERFACE -fsanitize=${OKPAY_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(okpay_options INTERFACE -fsanitize=${OKPAY_SANITIZE})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(okpay_options INTERFACE _FORTIFY_SOURCE=2)
  target_compile_options(okpay_options INTERFACE -fstack-protector-strong)
endif()
find_program(OKPAY_LLD ld.lld-19)
if(OKPAY_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(okpay_options INTERFACE -fuse-ld=lld)
endif()
target_link_options(okpay_options INTERFACE -pie)
target_compile_definitions(okpay_options INTERFACE OKPAY_VERSION="${PROJECT_VERSION}"
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ARRAY)

# Tests themselves are not optimised: what they test is, and half of the time that they took to compile went into it.
add_library(okpay_test_options INTERFACE)
target_compile_options(okpay_test_options INTERFACE -O0)
# Nor are the rooms on the wire in the presets that test under a sanitizer: coroutines cost the optimiser most of all, and
# what they do is wait.
add_library(okpay_wire_options INTERFACE)
if(OKPAY_TESTS AND OKPAY_SANITIZE)
  target_compile_options(okpay_wire_options INTERFACE -O0)
endif()
