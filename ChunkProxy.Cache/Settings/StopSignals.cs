using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Settings;

/// <summary>While it exists, SIGTERM and Ctrl-C cancel a token, and do not end the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _came = new(); // not disposed: a handler may run meanwhile
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _came.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    private void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _came.Cancel();
    }
}
