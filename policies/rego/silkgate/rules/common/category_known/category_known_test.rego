package silkgate.tests.rules.common.category_known

import data.silkgate.examples

test_an_unknown_category_is_reviewed if {
	"category.unknown" in {reason.code | some reason in data.silkgate.rules.common.category_known.review} with input as examples.order({"fields": [examples.field("/x", "acme_x", "pi", "confirmed")]})
}

test_a_refuted_one_is_not if {
	count(data.silkgate.rules.common.category_known.review) == 0 with input as examples.order({"fields": [examples.field("/x", "acme_x", "pi", "refuted")]})
}

test_a_known_one_is_not if {
	count(data.silkgate.rules.common.category_known.review) == 0 with input as examples.order({})
}

test_a_category_of_the_companys_own_is_known if {
	count(data.silkgate.rules.common.category_known.review) == 0 with input as examples.order({"fields": [examples.field("/x", "acme_score", "pi", "confirmed")]}) with data.silkgate.overlay as {"categories": {"acme_score": {"level": "pi"}}}
}
