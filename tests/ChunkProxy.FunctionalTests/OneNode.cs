using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests;

/// <summary>A scripted origin, and a stand-alone node in front of it, whose cache folder survives a restart of the node.</summary>
internal sealed class OneNode : IAsyncDisposable
{
    public const int MiB = 1024 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<string> _arguments;
    private readonly IReadOnlyDictionary<string, string?> _environment;
    private readonly int? _openFiles;
    private Node? _node;

    private OneNode(ScriptedOrigin origin, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, int? openFiles)
    {
        _openFiles = openFiles;
        Origin = origin;
        _arguments = arguments;
        _environment = environment;
    }

    public ScriptedOrigin Origin { get; }

    public Node Node => _node ?? throw new InvalidOperationException("The node is not running.");

    /// <summary>The node's <c>-dir</c>.</summary>
    public string CacheFolder => _folder.Combine("cache");

    /// <param name="arguments">Flags beside <c>-url</c> and <c>-dir</c>, in one text.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">Settings that have no flag, by their key below <c>ChunkProxy:</c>, and OpenTelemetry's variables.</param>
    public static Task<OneNode> StartAsync(string arguments, CancellationToken cancellationToken, params (string Key, string Value)[] settings) =>
        StartAsync(arguments, openFiles: null, cancellationToken, settings);

    /// <param name="arguments">Flags beside <c>-url</c> and <c>-dir</c>, in one text.</param>
    /// <param name="openFiles">The node's limit of open files; null for that of the tests.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">Settings that have no flag, by their key below <c>ChunkProxy:</c>, and OpenTelemetry's variables.</param>
    public static async Task<OneNode> StartAsync(string arguments, int? openFiles, CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        var one = new OneNode(
            ScriptedOrigin.Start(),
            arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            settings.ToDictionary(
                setting => setting.Key.StartsWith("OTEL_", StringComparison.Ordinal) ? setting.Key : "ChunkProxy__" + setting.Key.Replace(":", "__", StringComparison.Ordinal),
                setting => (string?)setting.Value),
            openFiles);
        await one.StartNodeAsync(cancellationToken);
        return one;
    }

    /// <summary>Starts another node over the same folder and origin, after the last one has ended.</summary>
    public async Task StartNodeAsync(CancellationToken cancellationToken)
    {
        if (_node is { } last)
        {
            await last.DisposeAsync();
        }

        _node = await Node.StartAsync(["-url", Origin.BaseAddress.ToString(), "-dir", CacheFolder, .. _arguments], cancellationToken, _environment, openFiles: _openFiles);
    }

    /// <summary>Reads a range through the node and compares every byte.</summary>
    public async Task VerifyAsync(ScriptedObject it, long start, long length, CancellationToken cancellationToken)
    {
        using var response = await Node.GetAsync(it.Path, cancellationToken, start, start + length - 1);
        Assert.Equal(System.Net.HttpStatusCode.PartialContent, response.StatusCode);
        await TestData.VerifyAsync(it.Answer.Seed, start, length, await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Reads a whole object through the node and compares every byte.</summary>
    public async Task VerifyAsync(ScriptedObject it, CancellationToken cancellationToken)
    {
        using var response = await Node.GetAsync(it.Path, cancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        await TestData.VerifyAsync(it.Answer.Seed, 0, it.Answer.Size, await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is { } node)
        {
            await node.DisposeAsync();
            TestContext.Current.TestOutputHelper?.WriteLine(node.Output); // shown where the test has failed
        }

        await Origin.DisposeAsync();
        _folder.Dispose();
    }
}
