using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Settings;

/// <summary>Notes SIGTERM and Ctrl-C, which do not end the process any more.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _came = new(); // not disposed: a handler may run meanwhile
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignals()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Note);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Note);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _came.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    private void Note(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _came.Cancel();
    }
}
