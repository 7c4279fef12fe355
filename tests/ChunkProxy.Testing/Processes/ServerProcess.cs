namespace ChunkProxy.Testing.Processes;

/// <summary>A server that a test needs beside the product: on a free port, in a folder of its own, started and stopped as the test likes.</summary>
/// <remarks>It keeps its port and its data from <see cref="StopAsync"/> to <see cref="StartAgainAsync"/>.</remarks>
public abstract class ServerProcess : IAsyncDisposable
{
    private const int Attempts = 10;

    private ChildProcess? _process;

    public int Port { get; private set; }

    protected TemporaryFolder Folder { get; } = new();

    /// <summary>What this run of the server has printed; nothing while it is stopped.</summary>
    protected ChildProcess Process => _process ?? throw new InvalidOperationException("The server is stopped.");

    protected bool IsRunning => _process is not null;

    /// <summary>Starts again after <see cref="StopAsync"/>.</summary>
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

    /// <summary>Ends at once (SIGKILL): connections break, new ones are refused.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
            Stopped(process);
        }
    }

    /// <summary>SIGSTOP: hangs; its connections stay.</summary>
    public void Pause() => Process.Pause();

    /// <summary>SIGCONT.</summary>
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
                // Somebody else was faster.
            }
        }
    }
}
