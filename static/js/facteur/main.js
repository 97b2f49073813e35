// What every page of the webmail and the console does.
import "facteur/dialogs";
import "facteur/drawer";
import "facteur/focus";
import "facteur/menus";
import "facteur/password";
import "facteur/toasts";
