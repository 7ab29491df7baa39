// SPDX-License-Identifier: Apache-2.0
// The words on a picture of a screen: a screenshot, or a photograph of a phone. Call it in the sandbox child only.
//
//   Languages  English, Simplified and Traditional Chinese at once: an app speaks another one than who writes of it.
//   Limits     those of picture.hpp; at most text_octets_max octets come back.
//   Truth      what is read may be misread: it is a claim, like everything on a picture.
//   Threads    one at a time: the recogniser is one object of the process, beside that of documents.
#pragma once

#include "pictures/picture.hpp"

namespace okpay::pictures {

inline constexpr int read_side_max = 2'400;  // of what is given to the recogniser
inline constexpr int read_side_small = 900;  // what is smaller is read at twice its size

// UTF-8, a line for each line; empty where there are no words, or no data of the recogniser.
Result<std::string, PictureFault> words_on(ByteView file);

// Loads the recogniser and its data; false where one of the languages is missing: nothing is read then.
bool warm_up_words();

}  // namespace okpay::pictures
