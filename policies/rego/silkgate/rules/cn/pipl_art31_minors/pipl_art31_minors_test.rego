package silkgate.tests.rules.cn.pipl_art31_minors

import data.silkgate.examples

test_a_childs_data_that_is_removed_is_no_matter if {
	count(data.silkgate.rules.cn.pipl_art31_minors.review) == 0 with input as examples.order({"fields": [examples.field("/x", "spi_minor_u14", "spi", "confirmed")]})
}

test_an_ordinary_order_is_no_matter if {
	count(data.silkgate.rules.cn.pipl_art31_minors.review) == 0 with input as examples.order({})
}

test_a_purpose_for_children_needs_a_guardians_consent if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as examples.order({}) with data.silkgate.overlay as {"settings": {"minor_purposes": ["order_fulfilment"]}}
	{reason.code | some reason in rule.review} == {"cn.pipl.art31.guardian_consent"}
	rule.needs == {"basis.consent"}
	rule.obligations == {"pipl.31.guardian_consent"}
}

test_with_consent_it_is_a_duty if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as examples.members({}) with data.silkgate.overlay as {"settings": {"minor_purposes": ["analytics"]}}
	count(rule.review) == 0
	rule.obligations == {"pipl.31.guardian_consent"}
}

test_a_childs_data_is_sensitive_there if {
	decision := data.silkgate.decision with input as examples.members({}) with data.silkgate.overlay as {"settings": {"minor_purposes": ["analytics"]}}
	decision.counts.sensitive
}

test_the_category_is_enough if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as examples.members({
		"purpose": "acme",
		"fields": [examples.field("/c", "spi_minor_u14", "spi", "confirmed")],
	})
		with data.silkgate.overlay as {"profiles": {"acme": {"treatments": {"spi_minor_u14": "keep"}, "hold": []}}}
	rule.obligations == {"pipl.31.guardian_consent"}
}
