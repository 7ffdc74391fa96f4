"""The program in the README prints what stands behind it."""

import re
import subprocess
import sys
import unittest

from component import FOLDER


class Readme(unittest.TestCase):
    def test_the_program_in_the_readme_prints_what_the_readme_says(self):
        readme = (FOLDER / "README.md").read_text(encoding="utf-8")
        program, output = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", readme, re.DOTALL).groups()
        run = subprocess.run(
            [sys.executable, "-"], cwd=FOLDER / "dist", input=program, capture_output=True, text=True, check=False
        )
        self.assertEqual(("", output), (run.stderr, run.stdout))


if __name__ == "__main__":
    unittest.main()
