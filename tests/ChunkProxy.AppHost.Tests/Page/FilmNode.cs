using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.AppHost.Tests.Page;

/// <summary>A node with the sample films, the first of which is cached, for tests that only look at its status page.</summary>
public sealed class FilmNode : IAsyncLifetime
{
    private Node? _node;

    public Uri Address => _node!.Address;

    internal HttpClient Client => _node!.Client;

    public async ValueTask InitializeAsync()
    {
        _node = await Node.StartAsync(["sample", "-adminkey", "a-key-for-this-test"], CancellationToken.None);
        await _node.Client.GetByteArrayAsync("films/aurora.webm");
        await _node.WhenFilledAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;
}
