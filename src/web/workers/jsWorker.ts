// Trains with the JavaScript kernels, in any environment.
import "../../kernels/registerJsKernels.ts";
import "./gameWorker.ts";
