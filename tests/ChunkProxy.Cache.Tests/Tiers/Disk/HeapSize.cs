using System.Reflection;
using System.Runtime.CompilerServices;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Bytes of an object and of everything that it refers to. What else the process allocates has no influence.</summary>
internal static class HeapSize
{
    private const int Header = 16; // method table and sync block
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static long Of(object root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var next = new Stack<object>([root]);
        var bytes = 0L;
        while (next.TryPop(out var it))
        {
            if (it is not (string or Type or Delegate or Thread) && seen.Add(it))
            {
                bytes += SizeOf(it);
                foreach (var part in PartsOf(it))
                {
                    next.Push(part);
                }
            }
        }

        return bytes;
    }

    private static long SizeOf(object it) => it is Array array
        ? Header + 8 + ((long)array.Length * SizeOf(array.GetType().GetElementType()!))
        : Header + FieldsOf(it.GetType()).Sum(field => SizeOf(field.FieldType));

    private static int SizeOf(Type type) => type.IsValueType
        ? (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!
        : IntPtr.Size;

    private static IEnumerable<object> PartsOf(object it)
    {
        if (it is Array array)
        {
            return HasReferences(array.GetType().GetElementType()!) ? array.Cast<object?>().OfType<object>().SelectMany(Unboxed) : [];
        }

        return FieldsOf(it.GetType()).Where(field => HasReferences(field.FieldType)).Select(field => field.GetValue(it)).OfType<object>().SelectMany(Unboxed);
    }

    // A structure is part of the object that contains it: only what it refers to counts.
    private static IEnumerable<object> Unboxed(object it) => it is ValueType ? PartsOf(it) : [it];

    private static bool HasReferences(Type type) =>
        (bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static IEnumerable<FieldInfo> FieldsOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(Fields))
            {
                yield return field;
            }
        }
    }
}
