package silkgate.tests.rules.cn.pipl_art39_consent

import data.silkgate.examples

test_consent_as_the_ground_is_recorded if {
	"cn.pipl.art39.consent_missing" in {reason.code | some reason in data.silkgate.rules.cn.pipl_art39_consent.deny} with input as examples.members({"basis": {"consent": null}})
}

test_recorded_it_passes if {
	rule := data.silkgate.rules.cn.pipl_art39_consent with input as examples.members({})
	count(rule.deny) == 0
	"pipl.39.consent" in rule.obligations
}

test_a_contract_needs_none if {
	rule := data.silkgate.rules.cn.pipl_art39_consent with input as examples.order({})
	count(rule.deny) == 0
	rule.obligations == {"pipl.39.notice"}
}

test_nothing_leaves_no_duty if {
	count(data.silkgate.rules.cn.pipl_art39_consent.obligations) == 0 with input as examples.order({"fields": [examples.field("/x", "spi_credential", "spi", "confirmed")]})
}

test_it_asks_for_consent if {
	"basis.consent" in data.silkgate.rules.cn.pipl_art39_consent.needs with input as examples.members({"basis": {"consent": null}})
}
