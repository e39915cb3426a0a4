package silkgate.tests.shadow

import data.silkgate.examples

test_without_a_fact_nothing_leaves if {
	decision := data.silkgate.decision with input as _members({})
	decision.outcome == "deny"
	decision.mechanism == null
	decision.obligations == []
	examples.codes(decision) == {"route.shadow"}
}

test_with_one_all_leaves_as_it_is_and_counts if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({})
	decision.outcome == "allow"
	decision.mechanism == "shadow"
	decision.counts == {"general": true, "sensitive": false}
	{entry.treatment | some entry in decision.treatments} == {"keep"}
	[entry.pointer | some entry in decision.treatments] == ["/buyer/phone", "/buyer/username"]
	decision.obligations == ["shadow.trial"]
	decision.needs == []
	examples.codes(decision) == {"shadow.permitted"}
}

test_an_exemption_is_not_made_use_of if {
	decision := data.silkgate.decision with input as examples.order({"mode": "shadow", "bands": _room}) with data.silkgate.overlay as _fact({"route": "sg-fulfilment"})
	decision.outcome == "allow"
	decision.counts == {"general": true, "sensitive": false}
}

test_sensitive_data_counts_as_such if {
	decision := data.silkgate.decision with input as _members({"fields": [
		examples.field("/a", "spi_health", "spi", "likely"),
		examples.field("/a", "spi_health", "spi", "confirmed"),
	]})
		with data.silkgate.overlay as _fact({})
	decision.outcome == "allow"
	decision.counts == {"general": true, "sensitive": true}
	count(decision.treatments) == 1
}

test_what_is_not_personal_does_not_count if {
	decision := data.silkgate.decision with input as _members({"fields": [
		examples.field("/a", "biz_product", "general", "confirmed"),
		examples.field("/b", "pi_contact_phone", "pi", "unknown"),
		examples.field("/c", "spi_health", "spi", "unknown"),
	]})
		with data.silkgate.overlay as _fact({})
	decision.outcome == "allow"
	decision.counts == {"general": false, "sensitive": false}
}

test_what_was_refuted_is_no_finding if {
	decision := data.silkgate.decision with input as _members({"fields": [
		examples.field("/a", "pi_account", "pi", "likely"),
		examples.field("/b", "spi_credential", "spi", "refuted"),
		examples.field("/c", "pi_contact_phone", "core", "refuted"),
	]})
		with data.silkgate.overlay as _fact({})
	decision.outcome == "allow"
	[entry.pointer | some entry in decision.treatments] == ["/a"]
}

test_the_last_day_counts if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"until": "2026-11-22"})
	decision.outcome == "allow"
}

test_after_the_last_day_nothing_leaves if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"until": "2026-11-21"})
	examples.codes(decision) == {"route.shadow"}
}

test_thirty_days_at_most if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"until": "2026-12-22"})
	decision.outcome == "allow"
}

test_not_a_day_more if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"until": "2026-12-23"})
	examples.codes(decision) == {"route.shadow"}
}

test_another_route_has_no_part_in_it if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"route": "sg-fulfilment"})
	examples.codes(decision) == {"route.shadow"}
}

test_nobody_approved if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"approver": ""})
	examples.codes(decision) == {"route.shadow"}
}

test_no_reason_given if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"reason": ""})
	examples.codes(decision) == {"route.shadow"}
}

test_a_fact_that_lacks_a_part_is_none if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _without("approver")
	examples.codes(decision) == {"route.shadow"}
}

test_a_cap_that_is_no_number_is_none if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"max_persons": "10"})
	examples.codes(decision) == {"route.shadow"}
}

test_an_end_that_is_no_day_is_none if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"until": "soon"})
	examples.codes(decision) == {"route.shadow"}
}

test_a_reason_that_is_no_text_is_none if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"reason": 7})
	examples.codes(decision) == {"route.shadow"}
}

test_an_approver_that_is_no_text_is_none if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"approver": true})
	examples.codes(decision) == {"route.shadow"}
}

test_the_cap_holds if {
	decision := data.silkgate.decision with input as _members({"bands": examples.within("shadow.trial", null, null, null)}) with data.silkgate.overlay as _fact({})
	decision.outcome == "deny"
	examples.codes(decision) == {"shadow.cap"}
}

test_the_cap_itself_may_be_met if {
	decision := data.silkgate.decision with input as _members({"bands": examples.within("shadow.trial", 101, null, null)}) with data.silkgate.overlay as _fact({})
	decision.outcome == "allow"
}

test_one_more_may_not if {
	decision := data.silkgate.decision with input as _members({"bands": examples.within("shadow.trial", 102, null, null)}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.cap"}
}

test_a_tally_nobody_told_of_proves_nothing if {
	decision := data.silkgate.decision with input as examples.members({"mode": "shadow", "bands": examples.bands(0, 100000, 0, 1)}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.cap"}
}

test_before_the_count_the_cap_is_not_asked if {
	decision := data.silkgate.decision with input as _members({"bands": null}) with data.silkgate.overlay as _fact({})
	decision.outcome == "allow"
}

test_important_data_never_leaves if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "pi_account", "important", "likely")]}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.excluded"}
}

test_core_data_never_leaves if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "pi_account", "core", "unknown")]}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.excluded"}
}

test_what_may_be_important_never_leaves if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "pi_account", "important_candidate", "unknown")]}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.excluded"}
}

test_nor_what_the_table_calls_so if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "imp_geo", "general", "likely")]}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.excluded"}
}

test_credentials_never_leave if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "spi_credential", "spi", "unknown")]}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.excluded"}
}

test_unread_content_never_leaves if {
	decision := data.silkgate.decision with input as _members({"opaque": [{"media": "image/png", "bytes": 9, "sha256": "00"}]}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"shadow.excluded"}
}

test_an_unknown_destination_gets_nothing if {
	decision := data.silkgate.decision with input as _members({"destination": "ZZ"}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"destination.unknown"}
}

test_an_unknown_purpose_gets_nothing if {
	decision := data.silkgate.decision with input as _members({"purpose": "curiosity"}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"purpose.unknown"}
}

test_an_unknown_origin_sends_nothing if {
	decision := data.silkgate.decision with input as _members({"origin": "JP"}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"origin.rules_missing"}
}

test_an_unknown_category_stays if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "pi_telepathy", "pi", "likely")]}) with data.silkgate.overlay as _fact({})
	examples.codes(decision) == {"category.unknown"}
}

test_another_mode_is_no_question if {
	decision := data.silkgate.decision with input as examples.members({"mode": "dream"})
	examples.codes(decision) == {"input.invalid"}
}

test_a_question_that_is_none if {
	decision := data.silkgate.decision with input as _members({"route": 5}) with data.silkgate.overlay as _fact({"route": 5})
	examples.codes(decision) == {"input.invalid"}
}

test_goods_for_children_are_no_sensitive_data if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "biz_product", "general", "likely")]}) with data.silkgate.overlay as object.union(_fact({}), {"settings": {"minor_purposes": ["analytics"]}})
	decision.counts == {"general": false, "sensitive": false}
}

test_but_what_is_told_of_them_is if {
	decision := data.silkgate.decision with input as _members({"fields": [examples.field("/a", "pi_account", "pi", "likely")]}) with data.silkgate.overlay as object.union(_fact({}), {"settings": {"minor_purposes": ["analytics"]}})
	decision.counts.sensitive == true
}

test_a_fact_that_says_more_permits_nothing if {
	decision := data.silkgate.decision with input as _members({}) with data.silkgate.overlay as _fact({"forever": true})
	examples.codes(decision) == {"route.shadow"}
}

_room := examples.within("shadow.trial", 101, null, null)

_members(changes) := examples.members(object.union({"mode": "shadow", "bands": _room}, changes))

_whole := {
	"route": "ke-analytics",
	"approver": "Li Lei, DPO",
	"reason": "two weeks beside the old export job",
	"until": "2026-12-06",
	"max_persons": 100,
}

_fact(changes) := {"shadows": {"trial": object.union(_whole, changes)}}

_without(part) := {"shadows": {"trial": object.remove(_whole, [part])}}
