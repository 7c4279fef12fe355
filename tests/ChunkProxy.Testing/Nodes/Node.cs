using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Testing.Nodes;

/// <summary>The built <c>chunkproxy</c> command as a process on a free port.</summary>
public sealed partial class Node : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Node(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
        Client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = 1000,
            SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null }, // the tests' certificates are self-signed
        })
        {
            BaseAddress = address,
            Timeout = Signals.Patience.Limit,
        };
    }

    /// <summary>The URL for clients, with a trailing slash.</summary>
    public Uri Address { get; }

    public HttpClient Client { get; }

    public int ProcessId => _process.Id;

    /// <summary>Everything that the process has printed.</summary>
    public string Output => string.Join('\n', _process.Lines);

    public long ResidentBytes => _process.ResidentBytes;

    public long PeakResidentBytes => _process.PeakResidentBytes;

    /// <summary>Starts a node with these arguments. Adds <c>-webaddr 127.0.0.1:0</c> if they contain no address.</summary>
    /// <exception cref="InvalidOperationException">The process ended before it listened. The message contains its exit code and output.</exception>
    public static async Task<Node> StartAsync(
        IEnumerable<string> arguments,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null,
        int? openFiles = null)
    {
        var all = arguments.ToList();
        if (!all.Exists(argument => argument.TrimStart('-').StartsWith("webaddr", StringComparison.Ordinal)))
        {
            all.AddRange(["-webaddr", "127.0.0.1:0"]);
        }

        var process = Launch(all, Open(environment), folder, openFiles);
        try
        {
            var line = await process.WhenLineAsync(line => ListeningLine().IsMatch(line), "chunkproxy listens", cancellationToken);
            return new Node(process, new Uri(ListeningLine().Match(line).Groups[1].Value.TrimEnd('/') + "/"));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the command without waiting: for arguments that end it, such as <c>-help</c>.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="folder">Working directory.</param>
    /// <param name="openFiles">The hard limit of open files; null for that of this process.</param>
    public static ChildProcess Launch(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null, int? openFiles = null)
    {
        string[] command = [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ProductBuild.Assembly("ChunkProxy.Web", "chunkproxy.dll"), .. arguments];
        return openFiles is { } limit
            ? ChildProcess.Start("/bin/sh", ["-c", $"ulimit -n {limit}; exec \"$0\" \"$@\"", .. command], environment, folder)
            : ChildProcess.Start(command[0], command[1..], environment, folder);
    }

    public Task<string> WhenLineAsync(Func<string, bool> matches, string what, CancellationToken cancellationToken) =>
        _process.WhenLineAsync(matches, what, cancellationToken);

    /// <summary>The URL of the separate admin address (<c>-adminaddr</c>), with a trailing slash.</summary>
    public async Task<Uri> WhenAdminAddressAsync(CancellationToken cancellationToken) => new(
        new Uri(AdminLine().Match(await _process.WhenLineAsync(line => AdminLine().IsMatch(line), "the admin address", cancellationToken)).Groups[1].Value), "/");

    /// <summary>Requests the bytes <paramref name="from"/> to <paramref name="to"/> (both included) of a path, or all of it.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken, long? from = null, long? to = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (from is not null || to is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={from}-{to}"));
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Returns a figure of <c>/_chunkproxy/stats</c> by its JSON path, for example <c>reads.from.peer</c>.</summary>
    public async Task<long> StatAsync(string path, CancellationToken cancellationToken)
    {
        using var stats = JsonDocument.Parse(await Client.GetStringAsync(new Uri(Address, "_chunkproxy/stats"), cancellationToken));
        return path.Split('.').Aggregate(stats.RootElement, (element, name) => element.GetProperty(name)).GetInt64();
    }

    /// <summary>Returns the number of reads served by other members, from their caches or from the origin.</summary>
    public async Task<long> ReadsFromPeersAsync(CancellationToken cancellationToken) =>
        await StatAsync("reads.bySource.peer", cancellationToken) + await StatAsync("reads.bySource.peerOrigin", cancellationToken);

    /// <summary>Polls <c>/_chunkproxy/stats</c> until a figure meets a condition, because the process does not announce changes.</summary>
    public async Task WhenStatAsync(string path, Func<long, bool> holds, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Signals.Patience.Limit);
        while (await StatAsync(path, patience.Token) is var figure && !holds(figure))
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {Signals.Patience.Limit.TotalSeconds:0} s in vain for another {path} than {figure}");
            }
        }
    }

    /// <summary>Waits until no fill is in progress: a client may have its last byte before the chunk is in memory.</summary>
    public Task WhenFilledAsync(CancellationToken cancellationToken) => WhenStatAsync("fills.underWay", count => count == 0, cancellationToken);

    /// <summary>Sends SIGKILL; returns when the process has ended.</summary>
    public async Task KillAsync() => await _process.DisposeAsync();

    /// <summary>Sends SIGTERM; returns the exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken) => _process.StopAsync(cancellationToken);

    /// <summary>Sends SIGSTOP.</summary>
    public void Pause() => _process.Pause();

    /// <summary>Sends SIGCONT.</summary>
    public void Resume() => _process.Resume();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    // Tests look at figures where they read objects, unless they say otherwise.
    private static Dictionary<string, string?> Open(IReadOnlyDictionary<string, string?>? environment)
    {
        var open = new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>());
        open.TryAdd(Setting.InEnvironment("AdminKeyGuards"), "Actions");
        return open;
    }

    [GeneratedRegex(@"web listening on (https?://\S+)")]
    private static partial Regex ListeningLine();

    [GeneratedRegex(@"status and actions at (https?://\S+)")]
    private static partial Regex AdminLine();
}
