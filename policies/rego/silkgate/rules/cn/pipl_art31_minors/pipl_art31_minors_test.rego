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

test_where_no_child_is_told_of_no_consent_is_missing if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as examples.members({"basis": {"consent": null}})
	count(rule.review) == 0
	count(rule.needs) == 0
	count(rule.obligations) == 0
}

test_with_consent_none_is_missing if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as examples.members({}) with data.silkgate.overlay as {"settings": {"minor_purposes": ["analytics"]}}
	count(rule.review) == 0
	count(rule.needs) == 0
	rule.obligations == {"pipl.31.guardian_consent"}
}

test_children_of_another_origin if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as examples.members({"origin": "JP", "basis": {"consent": null}}) with data.silkgate.overlay as {"settings": {"minor_purposes": ["analytics"]}}
	count(rule.review) == 0
	count(rule.obligations) == 0
}

test_a_child_of_another_origin if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as _child("JP") with data.silkgate.overlay as _camps
	count(rule.obligations) == 0
}

test_a_child_of_this_one if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as _child("CN") with data.silkgate.overlay as _camps
	rule.obligations == {"pipl.31.guardian_consent"}
}

test_nothing_of_children_leaves if {
	rule := data.silkgate.rules.cn.pipl_art31_minors with input as examples.members({"fields": [examples.field("/x", "biz_product", "general", "confirmed")]}) with data.silkgate.overlay as {"settings": {"minor_purposes": ["analytics"]}}
	count(rule.obligations) == 0
}

_child(origin) := examples.members({"origin": origin, "purpose": "camps", "fields": [examples.field("/x", "spi_minor_u14", "spi", "confirmed")]})

_camps := {"profiles": {"camps": {
	"en": "Camps", "zh": "夏令营",
	"grounds": ["consent"], "exemptions": [], "necessary": [],
	"treatments": {"spi_minor_u14": "mask"},
	"hold": [], "replaceable": [], "agreements": {}, "destinations": {},
}}}
