using ChunkProxy.Testing.Nginx;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Rfc9110;

/// <summary>An nginx with objects of all kinds, and a node in front of it.</summary>
public sealed class RfcServers : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public NginxOrigin Nginx { get; private set; } = null!;

    public Node Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Nginx = await NginxOrigin.StartAsync(CancellationToken.None);
        Directory.CreateDirectory(Path.Combine(Nginx.Root, "folder"));
        (string Name, int Length)[] objects =
        [
            ("film.mp4", 200_123), ("chunk.bin", 65_536), ("one.bin", 1), ("empty.bin", 0), ("text.txt", 1_000), ("page.html", 70_000), ("unknown.xyz", 10),
            ("folder/a b.mp4", 100), ("folder/ü.webm", 100), ("folder/100%.ts", 100),
        ];
        for (var i = 0; i < objects.Length; i++)
        {
            await Nginx.AddAsync(objects[i].Name, seed: i, objects[i].Length, CancellationToken.None);
        }

        Node = await Node.StartAsync(
            ["-url", Nginx.BaseAddress.ToString(), "-dir", _folder.Path, "-size-c", "64KiB"], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Nginx.DisposeAsync();
        _folder.Dispose();
    }
}
