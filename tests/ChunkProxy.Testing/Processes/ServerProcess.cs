namespace ChunkProxy.Testing.Processes;

/// <summary>A server that a test needs: on a free port, with a folder of its own, which the test can stop and restart.</summary>
/// <remarks>It keeps its port and its data between <see cref="StopAsync"/> and <see cref="StartAgainAsync"/>.</remarks>
public abstract class ServerProcess : IAsyncDisposable
{
    private const int Attempts = 10;

    private ChildProcess? _process;

    public int Port { get; private set; }

    protected TemporaryFolder Folder { get; } = new();

    /// <summary>The output of the current run; empty while the server is stopped.</summary>
    protected ChildProcess Process => _process ?? throw new InvalidOperationException("The server is stopped.");

    protected bool IsRunning => _process is not null;

    /// <summary>Restarts the server after <see cref="StopAsync"/>.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        var process = Launch();
        try
        {
            await process.WhenLineAsync(IsReadyLine, $"{GetType().Name} is ready", cancellationToken);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        _process = process;
    }

    /// <summary>Sends SIGKILL: connections break, and new ones are refused.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
            Stopped(process);
        }
    }

    /// <summary>Sends SIGSTOP: the server hangs, and its connections stay open.</summary>
    public void Pause() => Process.Pause();

    /// <summary>Sends SIGCONT.</summary>
    public void Resume() => Process.Resume();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        DisposeRest();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract ChildProcess Launch();

    protected abstract bool IsReadyLine(string line);

    protected virtual void Stopped(ChildProcess process)
    {
    }

    protected virtual void DisposeRest()
    {
    }

    protected async Task StartOnFreePortAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort.Next();
            try
            {
                await StartAgainAsync(cancellationToken);
                return;
            }
            catch (InvalidOperationException taken)
                when (attempt < Attempts && taken.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                // Another process took the port first.
            }
        }
    }
}
