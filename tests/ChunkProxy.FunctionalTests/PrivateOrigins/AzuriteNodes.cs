using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.PrivateOrigins;

/// <summary>Nodes in front of Azurite that have their credentials from the start, and the endpoints at which they ask for tokens.</summary>
public sealed class AzuriteNodes : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, (Node Node, IdentityServer Identity)> _nodes = []; // by the kind of identity; without a lock: tests of a class run one after another
    private Node? _withToken;

    /// <summary>Starts a node.</summary>
    /// <param name="azurite">Its origin.</param>
    /// <param name="identity">Where it asks for tokens.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">Its settings.</param>
    internal static Task<Node> StartAsync(AzuriteServer azurite, IdentityServer? identity, CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        var environment = settings.ToDictionary(static setting => Setting.InEnvironment(setting.Key), static setting => (string?)setting.Value);
        environment["SSL_CERT_FILE"] = azurite.CertificateFile; // what the system trusts
        foreach (var (name, value) in identity?.Environment ?? new Dictionary<string, string?>())
        {
            environment[name] = value;
        }

        return Node.StartAsync(["-url", azurite.Url.ToString(), "-size-m", "32MiB", "-size-d", "0"], cancellationToken, environment);
    }

    /// <summary>Returns the node that asks for tokens of an identity.</summary>
    /// <param name="azurite">Its origin.</param>
    /// <param name="kind">The setting <c>OriginAccess:AzureIdentity</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<(Node Node, IdentityServer Identity)> WithIdentityAsync(AzuriteServer azurite, string kind, CancellationToken cancellationToken)
    {
        if (!_nodes.TryGetValue(kind, out var node))
        {
            var identity = await IdentityServer.StartAsync();
            _nodes[kind] = node = (await StartAsync(azurite, identity, cancellationToken, ("OriginAccess:AzureIdentity", kind)), identity);
        }

        return node;
    }

    /// <summary>Returns the node with a token in a file.</summary>
    internal async Task<Node> WithTokenAsync(AzuriteServer azurite, CancellationToken cancellationToken)
    {
        if (_withToken is null)
        {
            var file = _folder.Combine("fields");
            await File.WriteAllTextAsync(file, $"Authorization: Bearer {StorageToken.Create(TimeSpan.FromHours(1))}\nx-ms-version: 2021-12-02\n", cancellationToken);
            _withToken = await StartAsync(azurite, identity: null, cancellationToken, ("OriginAccess:FieldsFile", file));
        }

        return _withToken;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (node, identity) in _nodes.Values)
        {
            await node.DisposeAsync();
            await identity.DisposeAsync();
        }

        if (_withToken is { } withToken)
        {
            await withToken.DisposeAsync();
        }

        _folder.Dispose();
    }
}
