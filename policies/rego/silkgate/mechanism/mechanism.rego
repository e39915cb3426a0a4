# METADATA
# title: The route the exporter holds
# description: |
#   What the stated mechanism can carry on the day of the export. An assessment carries what a
#   contract carries; a contract never carries what needs an assessment.
# custom:
#   zh: 已取得的出境路径在当日的有效性及其可承载范围
#   citation: PIPL art 38; CAC Order 16 arts 7-9
package silkgate.mechanism

# METADATA
# description: Valid through its last day.
in_force if input.basis.mechanism.valid_until >= input.at

expired if input.basis.mechanism.valid_until < input.at

assessment := input.basis.mechanism.kind if {
	in_force
	input.basis.mechanism.kind == "security_assessment"
}

contract := assessment

contract := input.basis.mechanism.kind if {
	in_force
	input.basis.mechanism.kind in {"standard_contract", "certification"}
}

contract := input.basis.mechanism.kind if {
	in_force
	input.basis.mechanism.kind == "gba_contract"
	data.silkgate.agreements.gba.applies
}

# METADATA
# description: Whole days from the export to the last day of validity.
days_left := floor((_midnight(input.basis.mechanism.valid_until) - _midnight(input.at)) / 86400000000000)

_midnight(date) := time.parse_ns("2006-01-02", date)
