# SPDX-License-Identifier: Apache-2.0
"""What staff do in headless Chromium, in both languages and at phone and desktop width: the specs that
web/playwright.config.ts counts to `desk`."""
import unittest

import browser


class Desk(browser.BrowserStory):
    def test_what_staff_do(self):
        # Many true double charges: four stories refund one each, and others look at one.
        serving, sign_ins = self.serve_house(transactions=4000)
        self.crowds(serving, sign_ins)
        self.play("desk", serving, sign_ins)


if __name__ == "__main__":
    unittest.main(verbosity=2)
