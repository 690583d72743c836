//! The pages quote code that compiles.

#[test]
fn the_page_on_modalities_quotes_the_example() {
    let page = include_str!("../../../../docs/adding-a-modality.md");
    let example = include_str!("../../examples/modality.rs");
    let from = example.find("/// Cuts at").unwrap();
    let to = example.find("/// Alanine").unwrap();
    assert!(page.contains(example[from..to].trim_end()), "copy the segmenter to the page");
}

/// The example of the crate's front page is a doctest; the README shows the same.
#[test]
fn the_readme_shows_the_example_that_is_tested() {
    let readme = include_str!("../../README.md");
    let library = include_str!("../../src/lib.rs");
    let example: Vec<&str> = library
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .skip_while(|line| *line != "```")
        .skip(1)
        .take_while(|line| *line != "```" && !line.starts_with("# "))
        .collect();
    assert!(example.len() > 5);
    assert!(readme.contains(&example.join("\n")));
}
