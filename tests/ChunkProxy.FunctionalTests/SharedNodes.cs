namespace ChunkProxy.FunctionalTests;

/// <summary>The nodes of a test class, or of a collection. Tests that want the same flags and settings share a node, and each reads objects of its own.</summary>
public sealed class SharedNodes : IAsyncDisposable
{
    private static int _numbers;

    private readonly Dictionary<string, OneNode> _nodes = new(StringComparer.Ordinal); // without a lock: tests of a class and of a collection run one after another

    /// <summary>Returns a number that no other test uses.</summary>
    public static int FreshNumber() => Interlocked.Increment(ref _numbers);

    /// <summary>Returns a path that no other test uses.</summary>
    public static string FreshPath() => $"/film-{FreshNumber()}.mp4";

    /// <inheritdoc cref="OneNode.StartAsync(string, CancellationToken, ValueTuple{string, string}[])"/>
    internal async Task<OneNode> GetAsync(string arguments, CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        var name = string.Join('\n', [arguments, .. settings.Select(setting => $"{setting.Key}={setting.Value}")]);
        if (!_nodes.TryGetValue(name, out var node))
        {
            _nodes[name] = node = await OneNode.StartAsync(arguments, cancellationToken, settings);
        }

        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }
    }
}
