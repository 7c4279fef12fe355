using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ChunkProxy.Testing.Processes;
using Xunit;

namespace ChunkProxy.Testing.Etcd;

/// <summary>Debian's etcd as a child process: one member, its data in a temporary folder.</summary>
public sealed class EtcdServer : ServerProcess, IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private int _prefixes;
    private int _peerPort;

    /// <summary>The value of <c>-coord</c>.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    private string DataFolder => Folder.Combine("data");

    public static async Task<EtcdServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new EtcdServer();
        await server.StartOnFreePortAsync(cancellationToken);
        return server;
    }

    /// <summary>For use as an xunit fixture; <see cref="StartAsync"/> calls it too.</summary>
    public async ValueTask InitializeAsync() => await StartOnFreePortAsync(CancellationToken.None);

    /// <summary>Returns a unique key prefix.</summary>
    public string FreshPrefix() => $"clusters/test-{Interlocked.Increment(ref _prefixes).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Deletes all data and restarts revisions at the beginning, as after an operator's mistake. etcd runs afterwards.</summary>
    public async Task WipeAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        Directory.Delete(DataFolder, recursive: true);
        await StartAgainAsync(cancellationToken);
    }

    /// <summary>Compacts the history up to now, which cancels watches that are behind.</summary>
    public async Task CompactAsync(CancellationToken cancellationToken)
    {
        var answer = await PostAsync("range", new JsonObject { ["key"] = "AA==" }, cancellationToken);
        await PostAsync("compaction", new JsonObject { ["revision"] = answer["header"]!["revision"]!.GetValue<string>(), ["physical"] = true }, cancellationToken);
    }

    /// <summary>Puts a key without a lease.</summary>
    public Task PutAsync(string key, string value, CancellationToken cancellationToken) =>
        PostAsync("put", new JsonObject { ["key"] = Base64(key), ["value"] = Base64(value) }, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        PostAsync("deleterange", new JsonObject { ["key"] = Base64(key) }, cancellationToken);

    /// <summary>Returns the keys with a prefix.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string prefix, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["key"] = Base64(prefix), ["range_end"] = Base64(prefix + char.MaxValue), ["keys_only"] = true };
        var answer = await PostAsync("range", request, cancellationToken);
        return [.. (answer["kvs"]?.AsArray() ?? []).Select(pair => Encoding.UTF8.GetString(Convert.FromBase64String(pair!["key"]!.GetValue<string>())))];
    }

    protected override ChildProcess Launch()
    {
        // A new port each time: only etcd itself uses it.
        _peerPort = FreePort.Next();
        var peer = $"http://127.0.0.1:{_peerPort}";
        return ChildProcess.Start(
            "etcd",
            [
                "--data-dir", DataFolder,
                "--listen-client-urls", Url, "--advertise-client-urls", Url,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", $"default={peer}",
                "--bcrypt-cost", "4", // the lowest: each hash of a password takes a 64th of the time
            ]);
    }

    protected override bool IsReadyLine(string line) => line.Contains("ready to serve client requests", StringComparison.Ordinal);

    protected override void DisposeRest() => _client.Dispose();

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // Uses etcd's JSON gateway, so that tests do not depend on a client library.
    private async Task<JsonNode> PostAsync(string call, JsonObject request, CancellationToken cancellationToken)
    {
        using var response = await _client.PostAsJsonAsync(new Uri($"{Url}/v3/kv/{call}"), request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
    }
}
