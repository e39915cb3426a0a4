"""Word lists survive packing, names of several words included."""

from classifiers.text.lexicon import Marks, pack_lexicon, parse_lexicon


def test_names_of_several_words_stay_whole() -> None:
    """`kota kinabalu` is one entry, not two."""
    classes = {"p": ["kota kinabalu", "ipoh"]}
    read = parse_lexicon(pack_lexicon(classes))
    assert read == {"p": ["ipoh", "kota kinabalu"]}
    assert Marks(read, words=True)("to kota kinabalu and kota".split()) == ["-", "B", "E", "-", "-"]
