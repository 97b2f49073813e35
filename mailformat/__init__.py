"""Internet messages as bytes: headers, MIME parts with offsets, IMAP fragments, composing.

Pure: no Django, asyncio, clock, logging or sockets. Nothing here raises on a malformed
message; what cannot be understood is kept as it is or left out.
"""
