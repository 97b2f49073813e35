// What every page of the console does.
import "console/drawer";
import "console/keys";
import "console/live";
import "console/password";
import "console/submits";
