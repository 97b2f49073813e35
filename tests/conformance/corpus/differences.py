"""Where Facteur and the recorded Dovecot answers differ, file by file, and why ours stands.

A file that is listed must differ, and only in what is listed.
"""

NUL = "RFC 3501 section 9: CHAR8 has no NUL; Dovecot stores 0x80 for it, the store here keeps the octet"
FOLD = "RFC 5322 section 2.2.3: unfolding takes out the CRLF only; Dovecot makes one space of any fold"
TWO_ADDRESSES = "RFC 5322 section 3.4: a comma is missing between two addresses; both are kept, not only the first"
AT_IN_NAME = "RFC 5322 section 3.4: the address is what stands in angle brackets, an @ in the name before it is not"
EMPTY_ELEMENT = "RFC 5322 section 4.4: empty list elements are no addresses"
FIRST_FIELD = "RFC 5322 section 3.6: a field that may occur once occurs twice; the first is taken, not the last"
TRIMMED = "RFC 5322 section 2.2: white space around a value carries nothing"
DEFAULT_TYPE = "RFC 2045 section 5.2: an unusable Content-Type means text/plain, not an empty type"
TYPE_FOUND = "RFC 2045 section 5.1: junk around a readable type; the type is used"
UNQUOTED = "RFC 2045 section 5.1: an unquoted value with tspecials or spaces is taken whole, not cut at the first"
CRLF_OF_DELIMITER = "RFC 2046 section 5.1.1: the CRLF before a delimiter line belongs to the delimiter, not to the part"
KEEPS_2231 = "RFC 2231 section 7: continuations are joined; charset and language stay, which decoding would lose"
SAME_BOUNDARY = "RFC 2046 section 5.1.2: an inner multipart repeats the outer boundary; the outer one wins"
PREFIX_BOUNDARY = "RFC 2046 section 5.1.1: a line that goes on with boundary characters is another boundary"
LONG_BOUNDARY = "RFC 2046 section 5.1.1 allows 70 characters; a longer boundary is compared whole, not cut"
DOUBLE_SEMICOLON = "RFC 2045 section 5.1: an empty parameter is skipped"
MISSPELT = "RFC 2045 section 6.1: a misspelt transfer encoding that can mean only one thing is understood"
NO_BOUNDARY = "RFC 2046 section 5.1.1: junk behind the type; it stays a multipart, without parts"
NO_DISPOSITION = "RFC 2183 section 2: an empty Content-Disposition is none"
RAW_DISPOSITION = "RFC 2183 section 2: an unreadable disposition type is shown as written"
NO_GROUP_END = "RFC 5322 section 3.4: a phrase without address is shown as a local part without domain"

ENVELOPE = {
    "cpython--msg_27.eml": FOLD,
    "enmime--malformed-multiple-address-header-values.eml": TWO_ADDRESSES,
    "james-samples--wild-alt-another-reply.eml": FOLD,
    "mailparser--019-b436f6.eml": FIRST_FIELD,
    "mime4j--frag.eml": FOLD,
    "mimekit--issue358.eml": AT_IN_NAME,
    "mox--parse3.eml": TRIMMED,
    "mox--xs4all.eml": FOLD,
    "rubymail--bad_date_header.eml": TRIMMED,
    "rubymail--bad_subject.eml": TRIMMED,
    "rubymail--example11.eml": EMPTY_ELEMENT,
    "rubymail--example14.eml": FOLD,
    "rubymail--raw_email_with_at_display_name.eml": AT_IN_NAME,
    "rubymail--raw_email_with_binary_encoded.eml": FIRST_FIELD,
    "rubymail--weird_to_header.eml": EMPTY_ELEMENT,
    "spamscope--mail_test_15.eml": AT_IN_NAME,
    "spamscope--mail_test_19.eml": AT_IN_NAME,
    "spamscope--mail_test_9.eml": FOLD,
}

BODYSTRUCTURE = {
    "cpython--msg_15.eml": SAME_BOUNDARY,
    "cpython--msg_29.eml": KEEPS_2231,
    "enmime--ctype-invalid-characters.eml": DEFAULT_TYPE,
    "enmime--empty-ctype-bad-content.eml": DEFAULT_TYPE,
    "enmime--malformed-multiple-address-header-values.eml": FIRST_FIELD,
    "enmime--mime-bad-content-type.eml": TYPE_FOUND,
    "enmime--mime-blank-media-name.eml": TYPE_FOUND,
    "enmime--mime-unquoted-tspecials-param.eml": UNQUOTED,
    "enmime--multi_recipient_dsn.eml": CRLF_OF_DELIMITER,
    "enmime--simple_dsn.eml": CRLF_OF_DELIMITER,
    "enmime--simple_dsn_with_html.eml": CRLF_OF_DELIMITER,
    "enmime--unquoted-ctype-param-special.eml": UNQUOTED,
    "flanker--enclosed-bad-encoding.eml": CRLF_OF_DELIMITER,
    "flanker--enclosed-broken-body.eml": CRLF_OF_DELIMITER,
    "flanker--enclosed-endless.eml": CRLF_OF_DELIMITER,
    "mailparser--001-8aaf87.eml": UNQUOTED,
    "mailparser--003-7ead25.eml": SAME_BOUNDARY,
    "mailparser--004-49a787.eml": PREFIX_BOUNDARY,
    "mailparser--004-a63ca9.eml": MISSPELT,
    "mailparser--007-3cecee.eml": PREFIX_BOUNDARY,
    "mailparser--015-217ee0.eml": CRLF_OF_DELIMITER,
    "mailparser--016-d4a41f.eml": LONG_BOUNDARY,
    "mailparser--017-713f77.eml": NO_BOUNDARY,
    "mailparser--019-b436f6.eml": FIRST_FIELD,
    "mailparser--022-845b5f.eml": CRLF_OF_DELIMITER,
    "mime4j--attachment-filename-encoding-Latin1.eml": KEEPS_2231,
    "mime4j--attachment-filename-encoding-UTF8.eml": KEEPS_2231,
    "mime4j--badbound.eml": FOLD,
    "mime4j--double-semicolon.eml": DOUBLE_SEMICOLON,
    "mime4j--frag.eml": FOLD,
    "mime4j--multi-digest.eml": DEFAULT_TYPE,
    "mimekit--feedback-report.eml": NO_GROUP_END,
    "mimekit--rfc2060.eml": CRLF_OF_DELIMITER,
    "mox--microsoft.eml": TRIMMED,
    "rubymail--attachment_with_encoded_name.eml": KEEPS_2231,
    "rubymail--attachment_with_unquoted_name.eml": UNQUOTED,
    "rubymail--content_transfer_encoding_qp_with_space.eml": MISSPELT,
    "rubymail--content_transfer_encoding_with_semi_colon.eml": MISSPELT,
    "rubymail--missing_content_disposition.eml": NO_DISPOSITION,
    "rubymail--multiple_invalid_content_dispositions.eml": RAW_DISPOSITION,
    "rubymail--raw_email4.eml": PREFIX_BOUNDARY,
    "rubymail--raw_email_with_binary_encoded.eml": UNQUOTED,
    "rubymail--raw_email_with_illegal_boundary.eml": UNQUOTED,
    "spamscope--mail_malformed_1.eml": SAME_BOUNDARY,
}

OCTETS = {"spamscope--mail_malformed_3.eml": NUL}
