package silkgate.tests.rules.common.tally_known

import data.silkgate.examples

test_no_bands_are_reviewed if {
	"tally.unknown" in {reason.code | some reason in data.silkgate.rules.common.tally_known.review} with input as examples.members({"bands": null})
}

test_a_straddling_band_is_reviewed if {
	"tally.unknown" in {reason.code | some reason in data.silkgate.rules.common.tally_known.review} with input as examples.members({"bands": examples.bands(0, 100001, 0, 1)})
}

test_known_bands_are_not if {
	count(data.silkgate.rules.common.tally_known.review) == 0 with input as examples.members({})
}

test_nor_is_an_exempt_export if {
	count(data.silkgate.rules.common.tally_known.review) == 0 with input as examples.order({"bands": null})
}

test_it_asks_for_bands if {
	data.silkgate.rules.common.tally_known.needs == {"bands"} with input as examples.members({"bands": null})
}
