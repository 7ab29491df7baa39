# SPDX-License-Identifier: Apache-2.0
"""The website, the own pages and the workspace's pages in headless Chromium, in both languages, at phone and desktop
width (web/e2e)."""
import unittest

import browser


class House(browser.BrowserStory):
    def test_website_and_pages(self):
        self.play("house", *self.serve_house())


if __name__ == "__main__":
    unittest.main(verbosity=2)
