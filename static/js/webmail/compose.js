// Writing: the parts of the page that need a script are in modules of their own.
if (document.getElementById("writing")) {
  import("webmail/chips");
  import("webmail/draft");
  import("webmail/files");
  import("webmail/writer");
}
