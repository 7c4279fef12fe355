using System.Buffers;
using System.Runtime.InteropServices;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Logs;

/// <summary>Writes the lines of the access log in the background. SIGUSR1 makes it open the file again, after a rotation.</summary>
/// <remarks>
/// A slow file delays no request: lines wait in memory up to the limit, and are dropped beyond it. Lines that the file refuses, as on a full disk, are
/// lost. Both are counted in the application's log. The writer stops after the clients' server, and then writes what is left.
/// </remarks>
internal sealed partial class AccessLogWriter(IOptions<AccessLogOptions> options, LineBuffer buffer, TimeProvider time, ILogger<AccessLogWriter> log) : IHostedService, IDisposable
{
    private const PosixSignal SigUsr1 = (PosixSignal)10; // the raw number on Linux

    private readonly LogFile? _file = options.Value.To is { Length: > 0 } path ? new LogFile(path) : null;
    private readonly CancellationTokenSource _stop = new();
    private readonly Recurrence _failures = new(time);
    private readonly Recurrence _drops = new(time);
    private readonly Lock _writing = new();
    private ArrayBufferWriter<byte> _spare = new(); // under _writing
    private PosixSignalRegistration? _signal;
    private Task _work = Task.CompletedTask;
    private volatile bool _reopen;

    /// <exception cref="StartException">The file cannot be opened.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Without an access log too: a signal without a handler would end the process.
        if (OperatingSystem.IsLinux())
        {
            _signal = PosixSignalRegistration.Create(SigUsr1, signal =>
            {
                signal.Cancel = true;
                Reopen();
            });
        }

        if (_file is null)
        {
            return Task.CompletedTask;
        }

        try
        {
            _file.Open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{AccessLogOptions.Section}:{nameof(AccessLogOptions.To)}: {error.Message}", error);
        }

        _work = Task.Run(WorkAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _signal?.Dispose();
        await _stop.CancelAsync();
        await _work;
        Flush();
    }

    /// <summary>Opens the file again before the next line.</summary>
    public void Reopen() => _reopen = true;

    /// <summary>Writes the lines that wait.</summary>
    public void Flush()
    {
        if (_file is null)
        {
            return;
        }

        lock (_writing)
        {
            if (_reopen)
            {
                _reopen = false;
                _file.Close();
            }

            var (lines, count, dropped) = buffer.Take(_spare);
            if (dropped > 0 && _drops.Happened(dropped) is > 0 and var sum)
            {
                LogDropped(sum);
            }

            try
            {
                if (count > 0)
                {
                    _file.Write(lines.WrittenSpan);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _file.Close(); // the next write opens it again
                if (_failures.Happened(count) is > 0 and var lost)
                {
                    LogNotWritten(lost, error.Message);
                }
            }

            lines.ResetWrittenCount();
            _spare = lines;
        }
    }

    public void Dispose()
    {
        Flush(); // of requests that ended after the server had stopped
        _file?.Dispose();
        _signal?.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await buffer.WhenWorthWritingAsync(options.Value.FlushInterval, time, _stop.Token);
            Flush();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Dropped {Count} lines of the access log since this was last logged: requests end faster than their lines are written (AccessLog:BufferSize)")]
    private partial void LogDropped(int count);

    [LoggerMessage(2, LogLevel.Warning, "Could not write {Count} lines of the access log since this was last logged: {Reason}")]
    private partial void LogNotWritten(int count, string reason);
}
