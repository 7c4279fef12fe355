namespace ChunkProxy.AppHost.Servers;

/// <summary>Finds etcd: on the PATH, unpacked by an earlier run, or in the system's packages.</summary>
/// <remarks>
/// The package is unpacked into the state folder and not installed. That needs no root and changes nothing on the machine. apt's own
/// lists are used where they exist; else lists are fetched into the state folder.
/// </remarks>
/// <param name="state">Where the package is unpacked.</param>
/// <param name="find">Finds a program of the machine.</param>
internal sealed class EtcdPackage(StateFolder state, Func<string, string?> find)
{
    private const string Package = "etcd-server";
    private const string Install = $"Install a container runtime (Docker, Podman) or etcd (Debian: apt-get install {Package})";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Returns the path of the program, or why there is none.</summary>
    public async Task<(string? Program, string? WhyNot)> FindAsync(CancellationToken cancellationToken)
    {
        if (find("etcd") is { } installed)
        {
            return (installed, null);
        }

        var folder = state.Of("tools");
        var unpacked = Path.Combine(folder, "usr", "bin", "etcd");
        if (Executables.IsExecutable(unpacked))
        {
            return (unpacked, null);
        }

        if (find("apt-get") is not { } apt || find("dpkg-deb") is not { } dpkg)
        {
            return (null, $"etcd is missing: this cluster has a static list of members. {Install} to let members join and leave.");
        }

        Console.WriteLine($"etcd is not on the PATH: unpacking the system's package {Package} into {folder} (up to {Patience.TotalSeconds:0} s).");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await FetchAsync(apt, dpkg, folder, patience.Token);
            return (unpacked, null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"etcd is missing and its package cannot be fetched ({e.Message}): this cluster has a static list of members. {Install} to let members join and leave.");
        }
    }

    private static async Task FetchAsync(string apt, string dpkg, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await ProgramCommand.RunAsync(apt, ["download", Package], folder, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // No lists yet, as in a fresh container.
            var own = Path.Combine(folder, "apt");
            Directory.CreateDirectory(Path.Combine(own, "lists", "partial"));
            string[] places = ["-o", $"Dir::State::lists={own}/lists", "-o", $"Dir::Cache={own}", "-o", "Debug::NoLocking=1"];
            await ProgramCommand.RunAsync(apt, [.. places, "update"], folder, cancellationToken);
            await ProgramCommand.RunAsync(apt, [.. places, "download", Package], folder, cancellationToken);
        }

        var package = Directory.EnumerateFiles(folder, $"{Package}_*.deb").First();
        await ProgramCommand.RunAsync(dpkg, ["-x", package, folder], folder, cancellationToken);
        File.Delete(package);
    }
}
