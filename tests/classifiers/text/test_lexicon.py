"""Word lists survive packing, and tables find what a dict finds."""

from classifiers.text.lexicon import Marks, Table, pack_lexicon, parse_lexicon


def test_names_of_several_words_stay_whole() -> None:
    """`kota kinabalu` is one entry, not two."""
    classes = {"p": ["kota kinabalu", "ipoh"]}
    read = parse_lexicon(pack_lexicon(classes))
    assert read == {"p": ["ipoh", "kota kinabalu"]}
    assert Marks(read, words=True)("to kota kinabalu and kota".split()) == ["-", "B", "E", "-", "-"]


def test_a_table_finds_what_a_dict_finds() -> None:
    """Nothing else counts: not the parts of a word, nor two words with what stands between them."""
    texts = {f"word{number}": str(number) for number in range(200)} | {"": "none", "深圳": "city"}
    table = Table(texts.items(), len(texts))
    rows = [row for row in table._rows if row]
    asked = {*texts, "word", "ord1", "word200", "圳", "\n", "\t", *rows}
    asked |= {row[1:] for row in rows} | {row[1:].partition("\t")[0] + "\t" for row in rows}
    asked |= {row[1:].rpartition("\t")[0] for row in rows}  # up to the last word of the row
    assert {word: table.get(word) for word in asked} == {word: texts.get(word) for word in asked}
    assert {word for word in asked if word in table} == texts.keys()
    assert any("\n" in word for word in asked)
