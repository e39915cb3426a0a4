# METADATA
# title: Shape of the question
# description: |
#   Every part of the policy input is present and of the right type, and nothing else is there.
#   Rules may therefore compare without guarding each operand again.
# custom:
#   zh: 输入须字段齐全、类型正确、无多余字段
package silkgate.validity

import data.silkgate.facts

default ok := false

ok if {
	object.keys(input) - {"approvals", "opaque", "mode"} == {
		"schema", "at", "exporter", "route", "origin", "collected_in", "destination",
		"recipient", "purpose", "basis", "fields", "bands",
	}
	input.schema == "silkgate/policy-input/1"
	is_date(input.at)
	_exporter
	is_string(input.route)
	_country(input.origin)
	_country(input.collected_in)
	_country(input.destination)
	object.keys(input.recipient) == {"name"}
	is_string(input.recipient.name)
	is_string(input.purpose)
	_basis
	is_array(input.fields)
	_fields
	_bands
	object.get(input, "mode", "shadow") == "shadow"
	every approval in object.get(input, "approvals", []) { _approval(approval) }
	every content in object.get(input, "opaque", []) { _unread(content) }
}

# METADATA
# description: A calendar date as ISO 8601 text, so that text order is time order.
is_date(text) if {
	is_string(text)
	regex.match(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`, text)
}

_approval(approval) if {
	object.keys(approval) == {"code", "persons"}
	is_string(approval.code)
	is_number(approval.persons)
}

_unread(content) if {
	object.keys(content) == {"media", "bytes", "sha256"}
	is_string(content.media)
	is_number(content.bytes)
	is_string(content.sha256)
}

_country(code) if {
	is_string(code)
	regex.match(`^[A-Z]{2}$`, code)
}

_exporter if {
	object.keys(input.exporter) == {"id", "ciio", "zone", "sector", "pilots"}
	is_string(input.exporter.id)
	is_boolean(input.exporter.ciio)
	is_string(input.exporter.zone)
	is_string(input.exporter.sector)
	is_array(input.exporter.pilots)
	every pilot in input.exporter.pilots { is_string(pilot) }
}

_basis if {
	object.keys(input.basis) == {"ground", "exemption", "consent", "mechanism"}
	is_string(input.basis.ground)
	_string_or_null(input.basis.exemption)
	_consent
	_mechanism
}

_string_or_null(value) if is_null(value)

_string_or_null(value) if is_string(value)

_consent if is_null(input.basis.consent)

_consent if {
	object.keys(input.basis.consent) == {"ref", "notice"}
	is_string(input.basis.consent.ref)
	is_string(input.basis.consent.notice)
}

_mechanism if is_null(input.basis.mechanism)

_mechanism if {
	object.keys(input.basis.mechanism) == {"kind", "ref", "valid_until"}
	input.basis.mechanism.kind in {
		"security_assessment",
		"standard_contract",
		"certification",
		"gba_contract",
	}
	is_string(input.basis.mechanism.ref)
	is_date(input.basis.mechanism.valid_until)
}

# Text by text what could be checked field by field: an engine is slow at many small steps.
_fields if {
	every keys in _keysets { _keys(keys) }
	count({field.drift | some field in input.fields} - {"undeclared", "contradicted"}) == 0
	count([1 | some field in input.fields; not is_string(object.get(field, "reason", ""))]) == 0
	count([1 | some field in input.fields; is_string(field.pointer); is_boolean(field.declared)]) == count(input.fields)
	count(facts.names) == count(input.fields)
	every name in facts.distinct { _kind(name) }
}

_keysets := {object.keys(field) | some field in input.fields}

_keys(keys) if keys - {"entity", "drift", "reason"} == {"pointer", "category", "level", "verdict", "declared"}

_kind(name) if {
	parts := split(name, "/")
	count(parts) == 4
	parts[0] in {"general", "pi", "spi", "important_candidate", "important", "core"}
	parts[1] in {"confirmed", "likely", "unknown", "refuted"}
}

_bands if is_null(input.bands)

_bands if {
	object.keys(input.bands) - {"within"} == {"general", "sensitive"}
	_band(input.bands.general)
	_band(input.bands.sensitive)
	every spent in [spent | some spent in object.get(input.bands, "within", {})] { _spent(spent) }
}

_spent(spent) if {
	object.keys(spent) == {"persons", "records", "bytes"}
	_band(spent.persons)
	_band(spent.records)
	_band(spent.bytes)
}

_band(band) if {
	object.keys(band) == {"at_least", "below"}
	is_number(band.at_least)
	band.at_least >= 0
	is_null(band.below)
}

_band(band) if {
	object.keys(band) == {"at_least", "below"}
	is_number(band.at_least)
	is_number(band.below)
	band.at_least >= 0
	band.below > band.at_least
}
