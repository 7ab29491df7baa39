# SPDX-License-Identifier: Apache-2.0
# A room is a folder of src/, a namespace and a library of one name. Its unit tests (*_test.cpp) lie beside its source
# and become the program ROOM_tests. Two precompiled headers exist: `std` for all, `asio` for the rooms on the wire; their
# tests have them with GoogleTest.

set(okpay_pch_kinds std asio)
if(OKPAY_TESTS)
  list(APPEND okpay_pch_kinds std_test asio_test)
endif()
foreach(kind ${okpay_pch_kinds})
  file(WRITE "${CMAKE_BINARY_DIR}/pch_${kind}.cpp.in" "")
  configure_file("${CMAKE_BINARY_DIR}/pch_${kind}.cpp.in" "${CMAKE_BINARY_DIR}/pch_${kind}.cpp" COPYONLY)
  add_library(okpay_pch_${kind} OBJECT "${CMAKE_BINARY_DIR}/pch_${kind}.cpp")
endforeach()

# The shared header, or one of its own with `headers` behind it.
function(okpay_precompile target shared)
  if(NOT ARGN)
    target_precompile_headers(${target} REUSE_FROM ${shared})
    return()
  endif()
  get_target_property(common ${shared} PRECOMPILE_HEADERS)
  target_precompile_headers(${target} PRIVATE ${common} ${ARGN})
endfunction()

# SHARDS: in how many parts the room's tests run, where one after the other they would take minutes. Tests are dealt out in
# turn; an odd number, so that those on PostgreSQL do not all fall to the same parts.
# HEADERS, TEST_HEADERS: what nearly each file of a large room, or of its tests, includes; precompiled for it alone.
# okpay_room(NAME [PCH std|asio] [SHARDS n] [HEADERS file...] [TEST_HEADERS file...] [DEPENDS room...]
#   [EXTERNAL target...] [TEST_DEPENDS target...])
function(okpay_room name)
  cmake_parse_arguments(room "" "PCH;SHARDS" "DEPENDS;EXTERNAL;TEST_DEPENDS;HEADERS;TEST_HEADERS" ${ARGN})
  if(NOT room_PCH)
    set(room_PCH std)
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(TRANSFORM room_DEPENDS PREPEND okpay_)
  if(NOT sources)  # headers only
    add_library(okpay_${name} INTERFACE)
    target_link_libraries(okpay_${name} INTERFACE okpay_options ${room_DEPENDS} fmt::fmt ${room_EXTERNAL})
    return()
  endif()
  add_library(okpay_${name} STATIC ${sources})
  target_link_libraries(okpay_${name} PUBLIC okpay_options ${room_DEPENDS} fmt::fmt ${room_EXTERNAL})
  okpay_precompile(okpay_${name} okpay_pch_${room_PCH} ${room_HEADERS})
  if(room_PCH STREQUAL "asio")
    target_link_libraries(okpay_${name} PRIVATE okpay_wire_options)
  endif()
  if(OKPAY_TESTS AND tests)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE okpay_${name} okpay_test_options ${room_TEST_DEPENDS}
      GTest::gmock GTest::gtest_main)
    okpay_precompile(${name}_tests okpay_pch_${room_PCH}_test ${room_TEST_HEADERS})
    target_compile_definitions(${name}_tests PRIVATE OKPAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    # One test a room: what a program starts (a PostgreSQL server, a sandbox child) is started once.
    if(room_SHARDS)
      math(EXPR last "${room_SHARDS} - 1")
      foreach(shard RANGE ${last})
        add_test(NAME ${name}_${shard} COMMAND ${name}_tests)
        set_tests_properties(${name}_${shard} PROPERTIES TIMEOUT 600
          ENVIRONMENT "GTEST_TOTAL_SHARDS=${room_SHARDS};GTEST_SHARD_INDEX=${shard}")
      endforeach()
    else()
      add_test(NAME ${name} COMMAND ${name}_tests)
      set_tests_properties(${name} PROPERTIES TIMEOUT 600)
    endif()
  endif()
endfunction()
