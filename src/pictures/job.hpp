// SPDX-License-Identifier: Apache-2.0
// The work of the sandbox child that reads pictures, as octets to octets.
//   request   'c' clean, 't' clean and read the text: the file follows; 'p' preview: u32 length, the watermark, the file
//   answer    octet 0, then of a preview its JPEG, of a clean one: octet of type, u32 width, u32 height, u32 count of texts,
//             each u32 length and octets, and the JPEG; or one octet that is a PictureFault
#pragma once

#include "pictures/picture.hpp"

namespace okpay::pictures {

Bytes clean_request(ByteView file, bool read_text);
Bytes preview_request(ByteView jpeg, std::string_view watermark);

// In the child.
Bytes do_job(ByteView request, const IsEnough& is_enough);

// In the parent: what the child answered is taken apart with care, it may be whoever sent the picture who speaks. An answer
// that is no answer is `unreadable`, and a picture that is no JPEG of an allowed size too.
Result<CleanPicture, PictureFault> clean_answer(ByteView answer);
Result<Bytes, PictureFault> preview_answer(ByteView answer);

}  // namespace okpay::pictures
