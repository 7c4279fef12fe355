using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Real files that can fail, stall or be observed by a test.</summary>
internal sealed class ScriptedFiles : IDiskFiles
{
    private readonly DiskFiles _files = new();
    private readonly ConditionalWeakTable<SafeFileHandle, string> _paths = [];

    /// <summary>Called before each operation with its name and path (of the opened file, for reads). May throw a disk's exception, or wait.</summary>
    public Action<string, string?> Before { get; set; } = static (_, _) => { };

    /// <summary>Called after each operation that changes the directory, also after one that failed, on the thread that did it.</summary>
    public Action AfterChange { get; set; } = static () => { };

    public Func<string, IEnumerable<DirectoryEntry>>? Walking { get; set; }

    /// <summary>Number of files that got other bytes.</summary>
    public int Overwritten { get; private set; }

    public static IOException NoSpace() => new("No space left on device", 28);

    public static IOException InputOutput() => new("Input/output error", 5);

    public static IOException ReadOnly() => new("Read-only file system", 30);

    public static UnauthorizedAccessException Denied() => new("Access to the path is denied.");

    /// <summary>Throws a disk's exception if the condition holds.</summary>
    public static void ThrowIf(bool condition, Func<Exception> fault)
    {
        if (condition)
        {
            throw fault();
        }
    }

    /// <summary>Makes each operation of a kind fail.</summary>
    /// <param name="fault">The error's name: ENOSPC, EIO, EROFS or EACCES.</param>
    /// <param name="operation">The name of a method of <see cref="IDiskFiles"/>.</param>
    /// <param name="count">Called before each failure.</param>
    public void Fail(string fault, string operation, Action? count = null) => Before = (name, _) =>
    {
        if (name == operation)
        {
            count?.Invoke();
            throw fault switch
            {
                "ENOSPC" => NoSpace(),
                "EIO" => InputOutput(),
                "EROFS" => ReadOnly(),
                _ => Denied(),
            };
        }
    };

    public SafeFileHandle Open(string path)
    {
        Before(nameof(Open), path);
        var file = _files.Open(path);
        _paths.Add(file, path);
        return file;
    }

    public long LengthOf(SafeFileHandle file) => _files.LengthOf(file);

    public int Read(SafeFileHandle file, Span<byte> destination, long offset)
    {
        Before(nameof(Read), _paths.TryGetValue(file, out var path) ? path : null);
        return _files.Read(file, destination, offset);
    }

    /// <summary>Returns 0, so every read goes to the disk, where a test can make it fail.</summary>
    public int ReadCached(SafeFileHandle file, Span<byte> destination, long offset) => 0;

    public void Write(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts) => Change(nameof(Write), path, () => _files.Write(path, parts));

    public bool MayOverwrite(string path) => _files.MayOverwrite(path);

    /// <summary>A write like others, for the tests of faults.</summary>
    public void Overwrite(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts) => Change(nameof(Write), path, () =>
    {
        _files.Overwrite(path, parts);
        Overwritten++;
    });

    public void Rename(string from, string to) => Change(nameof(Rename), to, () => _files.Rename(from, to));

    public void Delete(string path) => Change(nameof(Delete), path, () => _files.Delete(path));

    public void CreateDirectory(string path) => Change(nameof(CreateDirectory), path, () => _files.CreateDirectory(path));

    public IEnumerable<DirectoryEntry> Walk(string directory)
    {
        Before(nameof(Walk), directory);
        return (Walking ?? _files.Walk)(directory);
    }

    private void Change(string operation, string path, Action change)
    {
        Before(operation, path);
        change();
        AfterChange();
    }
}
