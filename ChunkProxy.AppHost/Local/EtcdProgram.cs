using System.Diagnostics;

namespace ChunkProxy.AppHost.Local;

/// <summary>Finds etcd: on the PATH, as fetched by an earlier run, or in the system's packages.</summary>
/// <remarks>
/// The package is unpacked into the state folder and not installed: that needs no root, and a run of a sample changes nothing of the
/// machine. apt's own lists are used where they are there, else lists of its own are fetched beside it.
/// </remarks>
internal sealed class EtcdProgram(StateFolder state, PrefixedConsole console)
{
    private const string Package = "etcd-server";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Returns the program; null: there is none, and the console was told why.</summary>
    public async Task<string?> FindAsync(bool mayFetch, CancellationToken cancellationToken)
    {
        if (Executables.Find("etcd") is { } installed)
        {
            return installed;
        }

        var folder = state.Of("tools");
        var unpacked = Path.Combine(folder, "usr", "bin", "etcd");
        if (Executables.IsExecutable(unpacked))
        {
            return unpacked;
        }

        if (!mayFetch || Executables.Find("apt-get") is not { } apt || Executables.Find("dpkg-deb") is not { } dpkg)
        {
            console.Write(Topology.Etcd, $"not on the PATH: the members are listed instead. With etcd (as in {Package}) they find each other.");
            return null;
        }

        console.Write(Topology.Etcd, $"not on the PATH: fetching the system's package {Package} into {folder}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await FetchAsync(apt, dpkg, folder, patience.Token);
            return unpacked;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            console.Write(Topology.Etcd, $"could not be fetched ({e.Message}): the members are listed instead");
            return null;
        }
    }

    private static async Task FetchAsync(string apt, string dpkg, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(apt, ["download", Package], folder, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // No lists yet, as in a fresh container.
            var own = Path.Combine(folder, "apt");
            Directory.CreateDirectory(Path.Combine(own, "lists", "partial"));
            string[] places = ["-o", $"Dir::State::lists={own}/lists", "-o", $"Dir::Cache={own}", "-o", "Debug::NoLocking=1"];
            await RunAsync(apt, [.. places, "update"], folder, cancellationToken);
            await RunAsync(apt, [.. places, "download", Package], folder, cancellationToken);
        }

        var package = Directory.EnumerateFiles(folder, $"{Package}_*.deb").First();
        await RunAsync(dpkg, ["-x", package, folder], folder, cancellationToken);
        File.Delete(package);
    }

    private static async Task RunAsync(string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var problem = await process.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(problem.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? $"{program} failed");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
