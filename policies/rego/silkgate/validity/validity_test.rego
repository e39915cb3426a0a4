package silkgate.tests.validity

import data.silkgate.examples

test_a_consent_is_whole if {
	not data.silkgate.validity.ok with input as examples.members({"basis": {"consent": {"ref": 1}}})
}

test_a_mechanism_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"mechanism": examples.mechanism("handshake", "2029-01-01")}})
}

test_a_date_is_a_date if {
	not data.silkgate.validity.ok with input as examples.order({"at": "2026-13-01"})
}

test_a_band_is_not_empty if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(5, 5, 0, 1)})
}

test_a_band_is_not_negative if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(-1, 5, 0, 1)})
}

test_a_verdict_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [examples.field("/x", "pi_basic", "pi", "sure")]})
}

test_a_level_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [examples.field("/x", "pi_basic", "top", "likely")]})
}

test_a_country_is_two_letters if {
	not data.silkgate.validity.ok with input as examples.order({"destination": "sg"})
}

test_a_ciio_flag_is_a_boolean if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"ciio": "no"}})
}

test_a_whole_question_is_valid if {
	data.silkgate.validity.ok with input as examples.members({"basis": {"mechanism": examples.mechanism("certification", "2029-01-01")}})
}

test_the_topmost_band_is_open if {
	data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(1000000, null, 10000, null)})
}

test_a_category_has_no_slash if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [examples.field("/a", "pi_basic/PERSON", "pi", "likely")]})
}

test_the_schema_is_this_one if {
	not data.silkgate.validity.ok with input as examples.order({"schema": "silkgate/policy-input/2"})
}

test_a_day_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"at": 20261122})
}

test_a_route_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"route": 5})
}

test_a_purpose_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"purpose": null})
}

test_a_recipient_has_a_name if {
	not data.silkgate.validity.ok with input as examples.order({"recipient": {"name": 5}})
}

test_a_recipient_has_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"recipient": {"city": "x"}})
}

test_an_origin_is_a_country if {
	not data.silkgate.validity.ok with input as examples.order({"origin": "China"})
}

test_where_it_was_collected_is_a_country if {
	not data.silkgate.validity.ok with input as examples.order({"collected_in": 7})
}

test_a_destination_is_one_country if {
	not data.silkgate.validity.ok with input as examples.order({"destination": "SG MY"})
}

test_an_exporter_has_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"size": "big"}})
}

test_an_exporters_id_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"id": 5}})
}

test_an_exporters_zone_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"zone": null}})
}

test_an_exporters_sector_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"sector": 5}})
}

test_pilots_are_a_list if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"pilots": "p"}})
}

test_pilots_are_texts if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"pilots": ["p", 5]}})
}

test_a_basis_has_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"trust": true}})
}

test_a_ground_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"ground": 5}})
}

test_an_exemption_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"exemption": 5}})
}

test_a_consent_is_an_object if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"consent": "yes"}})
}

test_a_consent_has_a_reference if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"consent": {"ref": 1, "notice": "n"}}})
}

test_a_consent_has_a_notice if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"consent": {"ref": "r", "notice": 1}}})
}

test_a_consent_has_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"consent": {"ref": "r", "notice": "n", "more": "m"}}})
}

test_a_mechanism_is_an_object if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"mechanism": "yes"}})
}

test_a_mechanism_has_a_reference if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"mechanism": {"kind": "certification", "ref": 5, "valid_until": "2029-01-01"}}})
}

test_a_mechanism_ends_on_a_day if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"mechanism": examples.mechanism("certification", "2029")}})
}

test_a_mechanism_has_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"mechanism": {"kind": "certification", "ref": "r", "valid_until": "2029-01-01", "more": "m"}}})
}

test_fields_are_a_list if {
	not data.silkgate.validity.ok with input as examples.order({"fields": {}})
}

test_a_field_is_an_object if {
	not data.silkgate.validity.ok with input as examples.order({"fields": ["x"]})
}

test_a_field_has_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"value": "x"})]})
}

test_a_field_has_a_pointer if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"pointer": 5})]})
}

test_a_field_lacks_no_pointer if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [object.remove(_field({}), ["pointer"])]})
}

test_a_field_has_a_category if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"category": 5})]})
}

test_a_field_has_a_level if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"level": 5})]})
}

test_a_field_has_a_verdict if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"verdict": 5})]})
}

test_a_field_is_declared_or_not if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"declared": "no"})]})
}

test_a_field_lacks_no_declared if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({}), object.remove(_field({}), ["declared"])]})
}

test_a_field_has_an_entity if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"entity": 5})]})
}

test_a_field_has_no_false_entity if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"entity": false})]})
}

test_a_drift_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"drift": "sideways"})]})
}

test_a_reason_is_text if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [_field({"reason": 5})]})
}

test_bands_are_two if {
	not data.silkgate.validity.ok with input as examples.order({"bands": {"general": {"at_least": 0, "below": 1}, "sensitive": {"at_least": 0, "below": 1}, "third": {"at_least": 0, "below": 1}}})
}

test_bands_are_an_object if {
	not data.silkgate.validity.ok with input as examples.order({"bands": 5})
}

test_a_general_band_is_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"bands": {"general": {"at_least": 0, "below": 1, "about": 1}}})
}

test_a_sensitive_band_is_whole if {
	not data.silkgate.validity.ok with input as examples.order({"bands": {"sensitive": {"at_least": 0, "below": 1, "about": 1}}})
}

test_a_band_begins_with_a_number if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands("0", 5, 0, 1)})
}

test_an_open_band_does_not_begin_with_a_text if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands("0", null, 0, 1)})
}

test_a_band_ends_with_a_number if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(0, "5", 0, 1)})
}

test_an_open_band_begins_with_a_number if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(null, null, 0, 1)})
}

test_an_open_band_is_not_negative if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(-1, null, 0, 1)})
}

test_what_left_is_whole if {
	not data.silkgate.validity.ok with input as examples.order({"bands": _within(object.remove(_left, ["bytes"]))})
}

test_what_left_is_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"bands": _within(object.union(_left, {"calls": {"at_least": 0, "below": 1}}))})
}

test_persons_lie_in_a_band if {
	not data.silkgate.validity.ok with input as examples.order({"bands": _within(object.union(_left, {"persons": 5}))})
}

test_records_lie_in_a_band if {
	not data.silkgate.validity.ok with input as examples.order({"bands": _within(object.union(_left, {"records": 5}))})
}

test_bytes_lie_in_a_band if {
	not data.silkgate.validity.ok with input as examples.order({"bands": _within(object.union(_left, {"bytes": 5}))})
}

test_a_mode_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"mode": "dream"})
}

test_an_approval_is_whole if {
	not data.silkgate.validity.ok with input as examples.order({"approvals": [{"code": "x"}]})
}

test_an_approval_has_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"approvals": [{"code": "x", "persons": 1, "by": "me"}]})
}

test_an_approval_has_a_code if {
	not data.silkgate.validity.ok with input as examples.order({"approvals": [{"code": 5, "persons": 1}]})
}

test_an_approval_counts_persons if {
	not data.silkgate.validity.ok with input as examples.order({"approvals": [{"code": "x", "persons": "two"}]})
}

test_unread_content_has_a_type if {
	not data.silkgate.validity.ok with input as examples.order({"opaque": [{"media": 5, "bytes": 1, "sha256": "ab"}]})
}

test_unread_content_has_a_size if {
	not data.silkgate.validity.ok with input as examples.order({"opaque": [{"media": "image/png", "bytes": "1", "sha256": "ab"}]})
}

test_unread_content_has_a_digest if {
	not data.silkgate.validity.ok with input as examples.order({"opaque": [{"media": "image/png", "bytes": 1, "sha256": 5}]})
}

test_unread_content_is_nothing_else if {
	not data.silkgate.validity.ok with input as examples.order({"opaque": [{"media": "image/png", "bytes": 1, "sha256": "ab", "name": "x"}]})
}

test_a_first_band_begins_at_nothing if {
	data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(0, 1, 0, null)})
}

test_a_route_with_a_consent_is_valid if {
	data.silkgate.validity.ok with input as examples.members({})
}

test_all_that_a_field_may_say_is_valid if {
	data.silkgate.validity.ok with input as examples.order({"fields": [_field({"entity": "PERSON", "drift": "undeclared", "reason": "scale.x"}), _field({"pointer": "/y", "declared": true, "drift": "contradicted"})]})
}

test_no_field_at_all_is_valid if {
	data.silkgate.validity.ok with input as examples.order({"fields": []})
}

test_what_left_within_is_valid if {
	data.silkgate.validity.ok with input as examples.order({"bands": _within(_left)})
}

test_approvals_and_unread_content_are_valid if {
	data.silkgate.validity.ok with input as examples.order({"approvals": [{"code": "x", "persons": 1}], "opaque": [{"media": "image/png", "bytes": 1, "sha256": "ab"}], "mode": "shadow"})
}

_field(changes) := object.union(examples.field("/x", "pi_basic", "pi", "likely"), changes)

_within(left) := {"general": {"at_least": 0, "below": 1}, "sensitive": {"at_least": 0, "below": 1}, "within": {"sandbox.x": left}}

_left := {"persons": {"at_least": 0, "below": 1}, "records": {"at_least": 0, "below": 1}, "bytes": {"at_least": 0, "below": 1}}
