using System.Runtime.InteropServices;

namespace ChunkProxy.AppHost.Servers;

/// <summary>Programs of the machine.</summary>
internal static class Executables
{
    /// <summary>The <c>dotnet</c> that runs this process; programs of the product run on the same.</summary>
    public static string DotNet { get; } = Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>Finds a program as a shell does; also where Debian keeps servers, which a plain user's PATH leaves out.</summary>
    public static string? Find(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return Find(name, path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(OperatingSystem.IsWindows() ? [] : ["/usr/local/sbin", "/usr/sbin"]));
    }

    /// <summary>Finds a program in the first of these folders that has it.</summary>
    public static string? Find(string name, IEnumerable<string> folders)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(IsExecutable);
    }

    public static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
