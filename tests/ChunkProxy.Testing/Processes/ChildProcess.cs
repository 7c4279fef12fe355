using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Processes;

/// <summary>A program under test or one that a test needs. It never outlives its disposal, nor the test run.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<ChildProcess, bool> Running = new();

    private readonly Process _process;
    private readonly List<string> _lines = []; // also its own lock
    private readonly ChangeSignal _changed = new();
    private readonly Task _exited;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var child in Running.Keys)
        {
            child.Kill();
        }
    };

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        Id = _process.Id;
        Running[this] = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _exited = _process.WaitForExitAsync(); // completes after the last line
        _exited.ContinueWith(
            _ =>
            {
                Running.TryRemove(this, out bool _);
                _changed.Raise();
            },
            TaskScheduler.Default);
    }

    public int Id { get; }

    public bool HasExited => _exited.IsCompleted;

    public int ExitCode => _process.ExitCode;

    /// <summary>What the process has printed so far, on both of its outputs.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public long ResidentBytes => StatusInKiB("VmRSS:") * 1024;

    /// <summary>The most memory that was ever resident, in bytes.</summary>
    public long PeakResidentBytes => StatusInKiB("VmHWM:") * 1024;

    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        // Debian keeps servers where the PATH of a plain user does not look.
        if (environment?.ContainsKey("PATH") is not true)
        {
            start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        }

        if (!Path.IsPathRooted(program) && File.Exists(Path.Combine("/usr/sbin", program)))
        {
            start.FileName = Path.Combine("/usr/sbin", program);
        }

        return new ChildProcess(start);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ChildProcess> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken, string? folder = null)
    {
        var process = Start(program, arguments, folder: folder);
        await using (process.ConfigureAwait(false))
        {
            await process.WhenExitedAsync(cancellationToken);
        }

        return process;
    }

    /// <summary>Returns the first line that matches, printed already or yet to come.</summary>
    /// <exception cref="InvalidOperationException">The process ended without it; the message has all that it printed.</exception>
    public async Task<string> WhenLineAsync(Func<string, bool> matches, string what, CancellationToken cancellationToken)
    {
        string? found = null;
        await _changed.UntilAsync(
            () =>
            {
                // In this order: a process that has exited prints no more.
                var over = HasExited;
                found = Lines.FirstOrDefault(matches);
                return over || found is not null;
            },
            what,
            cancellationToken);
        return found ?? throw new InvalidOperationException($"Ended with {ExitCode} before: {what}\n{string.Join('\n', Lines)}");
    }

    public async Task<int> WhenExitedAsync(CancellationToken cancellationToken)
    {
        await _exited.WaitAsync(Patience.Limit, cancellationToken);
        return ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => Signal(PosixSignal.Kill);

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken)
    {
        Signal(PosixSignal.Terminate);
        return WhenExitedAsync(cancellationToken);
    }

    /// <summary>SIGSTOP: the process hangs, its sockets stay.</summary>
    public void Pause() => Signal(PosixSignal.Stop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(PosixSignal.Continue);

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _exited;
    }

    internal void Signal(int signal)
    {
        // Not after the exit was seen: the number may be another process's by then.
        if (!_exited.IsCompleted && !_process.HasExited)
        {
            PosixSignal.Send(Id, signal);
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        _changed.Raise();
    }

    // "VmRSS:     123 kB"
    private long StatusInKiB(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
