using System.Reflection.PortableExecutable;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Release.Tests.Artefacts;

/// <summary>The artefacts for arm64. They are not run: .NET fails often under qemu-user, trimmed or not (decision 0008).</summary>
[Collection(MadeRelease.Collection)]
public sealed class ArmTests(MadeRelease release)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    // What a processor runs: ELF files by their machine, and .NET's own by the platform that they were compiled for ahead of time.
    [Fact(Skip = MadeRelease.Absent, SkipUnless = nameof(MadeRelease.IsPossible), SkipType = typeof(MadeRelease))]
    public async Task DebianPackage_EveryFileWithCode_IsForArm64()
    {
        using var folder = new TemporaryFolder();
        var package = release.File("chunkproxy_*_arm64.deb");
        await ProgramRun.OutputAsync(["dpkg-deb", "--extract", package, folder.Path], Now);

        var machines = Directory.EnumerateFiles(folder.Combine("usr/lib/chunkproxy")).Select(file => (Name: Path.GetFileName(file), Machine: MachineOf(file))).Where(it => it.Machine is not null).ToList();

        Assert.Equal("arm64\n", await ProgramRun.OutputAsync(["dpkg-deb", "--field", package, "Architecture"], Now));
        Assert.All(machines, it => Assert.Equal((it.Name, "arm64"), (it.Name, it.Machine == "any" ? "arm64" : it.Machine)));
        Assert.All(["chunkproxy", "libcoreclr.so", "libclrjit.so", "System.Private.CoreLib.dll", "chunkproxy.dll"], name => Assert.Contains((name, "arm64"), machines));
    }

    private static string? MachineOf(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (bytes is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..])
        {
            return BitConverter.ToUInt16(bytes, 18) == 183 ? "arm64" : "another"; // e_machine, EM_AARCH64
        }

        if (Path.GetExtension(file) != ".dll")
        {
            return null;
        }

        using var library = new PEReader(new MemoryStream(bytes));
        // A file compiled for Linux ahead of time has the machine's number exclusively or'ed with 0x7B79.
        return (int)library.PEHeaders.CoffHeader.Machine switch
        {
            (int)Machine.Arm64 or ((int)Machine.Arm64 ^ 0x7B79) => "arm64",
            (int)Machine.I386 => "any",
            _ => "another",
        };
    }
}
