//! The pages of `hookproof explain`, as HTML: headings, paragraphs, lists and code, which is all that they use.

use alloc::{string::String, vec::Vec};

use super::markup::{Markup, tag};

/// Writes a page without its title, which is the check's name.
pub(super) fn prose(page: &mut Markup, text: &'static str) {
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("### ") {
            page.say(tag("h6"), title);
        } else if let Some(title) = line.strip_prefix("## ") {
            page.say(tag("h5"), title);
        } else if line.starts_with("# ") || line.is_empty() {
            // The title, or what parts two paragraphs.
        } else if line.starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            page.put(tag("pre").class("code").with("tabindex", 0), |page| {
                page.put(tag("code"), |page| page.lines(&code.join("\n")));
            });
        } else if line.starts_with("- ") {
            page.put(tag("ul"), |page| {
                let mut item = String::from(line.trim_start_matches("- "));
                while let Some(more) = lines.next_if(|line| continues_list(line)) {
                    match more.strip_prefix("- ") {
                        Some(next) => {
                            page.put(tag("li"), |page| words(page, &core::mem::take(&mut item)));
                            item.push_str(next);
                        }
                        None => {
                            item.push(' ');
                            item.push_str(more.trim_start());
                        }
                    }
                }
                page.put(tag("li"), |page| words(page, &item));
            });
        } else {
            let mut paragraph = String::from(line);
            while let Some(more) = lines.next_if(|line| continues_paragraph(line)) {
                paragraph.push(' ');
                paragraph.push_str(more);
            }
            page.put(tag("p"), |page| words(page, &paragraph));
        }
    }
}

fn continues_list(line: &str) -> bool {
    line.starts_with("- ") || line.starts_with("  ")
}

fn continues_paragraph(line: &str) -> bool {
    !line.is_empty() && !["#", "```", "- "].iter().any(|mark| line.starts_with(mark))
}

/// A paragraph's text, in which what stands between backticks is code.
pub(super) fn words(page: &mut Markup, text: &str) {
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            page.say(tag("code"), part);
        } else {
            page.text(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CATALOGUE;

    fn made(text: &'static str) -> String {
        let mut page = Markup::default();
        prose(&mut page, text);
        page.as_str().into()
    }

    #[test]
    fn headings_paragraphs_lists_and_code_are_what_they_are() {
        assert_eq!(
            made(
                "# a/b\n\nOne\nline `<t>`.\n\n## Cure\n\n- first\n  goes on\n- second\n\n### Flask\n\n```python\nif a < b:\n    pass\n```\nend\n"
            ),
            "<p>One line <code>&lt;t&gt;</code>.</p><h5>Cure</h5><ul><li>first goes on</li><li>second</li></ul>\
             <h6>Flask</h6><pre class=\"code\" tabindex=\"0\"><code>if a &lt; b:\n    pass</code></pre><p>end</p>"
        );
    }

    #[test]
    fn every_explanation_uses_no_other_markup() {
        for check in CATALOGUE {
            let mut code = false;
            for line in check.explain.lines() {
                if line.starts_with("```") {
                    code = !code;
                } else if !code {
                    let plain: String = line.split('`').step_by(2).collect();
                    for other in ["](", "**", "![", "<", "| "] {
                        assert!(!plain.contains(other), "{}: {line}", check.id);
                    }
                    let start = line.trim_start();
                    assert!(
                        !["* ", "1. ", "> "].iter().any(|mark| start.starts_with(mark)),
                        "{}: {line}",
                        check.id
                    );
                }
            }
            assert!(!code, "{}: a block of code does not end", check.id);
            let ticks = made(check.explain)
                .replace("<pre", "\u{0}<pre")
                .split('\u{0}')
                .any(|part| part.contains("``"));
            assert!(!ticks, "{}", check.id);
        }
    }
}
