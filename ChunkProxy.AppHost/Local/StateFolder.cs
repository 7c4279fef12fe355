using System.Security.Cryptography;

namespace ChunkProxy.AppHost.Local;

/// <summary>What stays from one run to the next: cached chunks, etcd's and Redis' data, the keys.</summary>
internal sealed class StateFolder
{
    private const int KeyBytes = 32;

    public StateFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Returns a folder of its own for one process, made if it is not there, for its owner only.</summary>
    public string Of(string name)
    {
        var folder = System.IO.Path.Combine(Path, name);
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(folder).FullName
            : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    /// <summary>Returns the file of a secret, made at the first run and readable by its owner only.</summary>
    public string KeyFile(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        if (File.Exists(file))
        {
            return file;
        }

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        writer.WriteLine(key);
        return file;
    }
}
